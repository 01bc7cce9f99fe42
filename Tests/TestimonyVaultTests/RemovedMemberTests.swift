import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Whoever was removed, with a program that is not ours: `Scripts/emergency/open` is given their key and every key that they
/// ever held, and tried on every file (`opener.py`).
@Suite(.serialized) struct RemovedMemberTests {
  /// What one person's keys open.
  struct Walk: Codable {
    let opened: [String: String]
    let own: [String]
    let circles: [String]
    let keys: [String]

    var files: Set<String> { Set(opened.keys) }

    func files(_ kind: ObjectKind) -> Set<String> { files.filter { $0.hasPrefix(kind.rawValue + "/") } }
  }

  /// One office, and what the removed person's keys opened of it from the first day on.
  struct Trial {
    let office: RelockingTests.Office
    let name: String
    let before: Walk

    var sample: SampleVault { office.sample }

    func everything() throws -> Set<String> { Set(try VerificationTests.objects(sample).map(\.description)) }
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let python =
    ProcessInfo.processInfo.environment["TESTIMONY_PYTHON"].map { "\($0)/bin/python3" } ?? "python3"

  static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }

  /// Whether Python can open files of this kind; said aloud where it cannot.
  static func hasCryptography(for kind: KeyKind) -> Bool {
    let script =
      kind == .hybrid
      ? "from cryptography.hazmat.primitives import hpke; hpke.KEM.MLKEM768_X25519"
      : "import cryptography.hazmat.primitives.asymmetric.x25519"
    if (try? run(["-c", script]))?.status == 0 { return true }
    print("!!! SKIPPED: a removed member and the emergency opener (\(kind)): Python has no cryptography for it")
    return false
  }

  static func walk(_ sample: SampleVault, _ key: MemberKey, held: [String] = []) throws -> Walk {
    let keys = sample.folder.appending(path: "identities-\(UUID().uuidString)")
    let own = String(decoding: key.identity.encoded().bytes.copy(), as: UTF8.self)
    try Data(([own] + held).map { $0 + "\n" }.joined().utf8).write(to: keys)
    defer { try? FileManager.default.removeItem(at: keys) }
    let (status, output) = try run([
      root.appending(path: "Tests/TestimonyVaultTests/opener.py").path,
      root.appending(path: "Scripts/emergency/open").path, sample.folder.appending(path: "Vault").path, keys.path,
    ])
    try #require(status == 0)
    return try JSONDecoder().decode(Walk.self, from: output)
  }

  static func compartments(_ session: Session, _ record: ThingID, _ layer: Layer) throws -> Set<String> {
    Set(
      try session.history(of: record).versions.compactMap { try $0.manifest().layers[layer] }.map {
        ObjectPlace(.sealed, $0.object).description
      })
  }

  /// What is written after the removal: all kinds of entries and locks that go to circles in which the person was.
  static func goOn(_ office: RelockingTests.Office) throws {
    let sample = office.sample
    let caseID = try sample.founder().history(of: office.record).caseID
    var draft = SealingTests.draft(caseID)
    draft.attachments = [try AttachmentSource(sample.file("new.pdf", Data("a new scan".utf8)))]
    let new = try #require(try sample.founder().seal([draft]).first).id
    try AmendingTests.amend(sample.founder(), office.record, "after")
    try sample.session(office.dana).assess(new, fields: ["assessment": "strong"])
    try sample.session(office.dana).propose(caseID, fields: ["summary": "At the mill."])
    _ = try sample.founder().grant(.testimony, of: new, to: "dana")
    _ = try sample.founder().openCase(title: "Another", fields: [:], reviewers: CircleName.reviewers)
    _ = try sample.admit("farida", [.counsel, .reviewer])
    _ = try sample.founder().makeCircle(PersonName("inner"), with: ["dana"])
    // Not the old record: its locks are left to the relock.
    _ = try sample.founder().reseal(new)
  }

  /// That these keys open what they should, so that opening nothing says something.
  static func trial(_ name: String, _ kind: KeyKind) throws -> Trial {
    let office = try RelockingTests.Office(kind)
    let (sample, record) = (office.sample, office.record)
    let isCounsel = name == "bolat"
    let before = try walk(sample, isCounsel ? office.bolat : office.erlan)
    #expect(before.circles == (isCounsel ? CircleName.founding.sorted() : ["members", "reviewers"]))
    let founder = try sample.founder()
    #expect(before.files.isSuperset(of: try compartments(founder, record, .summary)))
    #expect(before.files.isSuperset(of: try compartments(founder, record, .testimony)))
    #expect(before.files.isDisjoint(with: try compartments(founder, record, .identity)))
    #expect(before.files(.log).count > 10)
    let records = Set(try founder.reader().locks.files.map { ObjectPlace(.locks, $0).description })
    #expect(before.files.isSuperset(of: records))
    #expect(records.count == 2)
    #expect(before.own.count == (isCounsel ? 1 : 3))
    return Trial(office: office, name: name, before: before)
  }

  @Test(arguments: [("erlan", KeyKind.classic), ("bolat", .classic), ("erlan", .hybrid), ("bolat", .hybrid)])
  func aRemovedMembersKeyOpensNothingNewAndNoCurrentLockFile(name: String, kind: KeyKind) throws {
    guard Self.hasCryptography(for: kind) else { return }
    let trial = try Self.trial(name, kind)
    let (sample, office, before) = (trial.sample, trial.office, trial.before)
    let key = name == "bolat" ? office.bolat : office.erlan
    let first = try trial.everything()
    _ = try sample.founder().remove(name, reason: "left")
    let removed = try trial.everything()
    _ = try sample.founder().relock(nil)
    let relocked = try trial.everything()
    try Self.goOn(office)
    let last = try trial.everything()

    // Held from before, and unlocked from what is there now: which gives no further key.
    let after = try Self.walk(sample, key, held: before.keys)
    #expect(Set(after.keys) == Set(before.keys))
    for (kind, least) in [(ObjectKind.log, 8), (.locks, 6), (.sealed, 6)] {
      let new = last.subtracting(removed).filter { $0.hasPrefix(kind.rawValue + "/") }
      #expect(new.count >= least, "\(kind)")
      #expect(after.files.isDisjoint(with: new), "\(kind)")
    }
    #expect(after.files.isDisjoint(with: relocked.subtracting(removed)))
    // Of the removal itself: the new keys' entries, which the old epoch's members read, and none of the keys.
    let made = removed.subtracting(first)
    #expect(Set(after.files.intersection(made).map { after.opened[$0] }) == ["rotate"])
    #expect(after.files(.locks).isDisjoint(with: made))

    // No lock file that holds now: the person's own from the admission is left, and the keys in it are no circle's now.
    let current = Set(try sample.founder().reader().locks.files.map { ObjectPlace(.locks, $0).description })
    #expect(current.count >= 4 && after.files.isDisjoint(with: current))
    #expect(after.files(.locks).isSubset(of: before.own) && after.files(.locks).count == 1)
    #expect(Set(after.keys).isDisjoint(with: try Self.currentKeys(sample)))

    // It is not for want of looking: what is older still opens, and whoever stayed opens the new.
    #expect(!after.files(.log).isEmpty && after.files(.log).isSuperset(of: before.files(.log)))
    let dana = try Self.walk(sample, office.dana)
    for kind in ObjectKind.allCases {
      #expect(!dana.files(kind).isDisjoint(with: last.subtracting(relocked)), "\(kind)")
    }
  }

  /// The keys of all circles as they hold now.
  static func currentKeys(_ sample: SampleVault) throws -> Set<String> {
    let founder = try sample.founder()
    let keys = try CircleName.founding.map { name in
      let identity = founder.circles.identity(try founder.newestHeld(name).body.address)
      return String(decoding: try #require(identity).encoded().bytes.copy(), as: UTF8.self)
    }
    return Set(keys)
  }
}
