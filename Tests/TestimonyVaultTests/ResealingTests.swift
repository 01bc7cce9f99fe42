import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// New keys and new ciphertext in place of the old.
struct ResealingTests {
  typealias Office = RelockingTests.Office

  /// Everything that a record holds, as the founder reads it, and opens it as the custodian.
  static func content(_ sample: SampleVault, _ record: ThingID) throws -> [[JSON]] {
    var layers = try [Layer.summary, .testimony].map { layer in
      try sample.founder().read(layer, of: record).map { try #require($0.opened) }
    }
    layers.append(try sample.identities(of: record))
    return layers.map { versions in
      versions.map(\.compartment).map { compartment in
        [
          "fields": compartment.fields,
          "attachments": .array(compartment.attachments.map { .string("\($0.name) \($0.length) \($0.content)") }),
        ]
      }
    }
  }

  static func keys(_ session: Session, _ record: ThingID) throws -> [[Layer: Manifest.LayerObject]] {
    try session.history(of: record).versions.map { try $0.manifest().layers }
  }

  /// Goes on with what others began, all of it confirmed.
  static func resealForOthers(_ session: Session, _ record: ThingID) throws -> ResealOutcome {
    try session.reseal(record, confirmed: Set(session.replacedByOthers(of: [record]).map(\.entry)))
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func everythingIsThereUnderNewKeysAndTheOldIsGone(kind: KeyKind) throws {
    let office = try Office(kind)
    let (sample, record) = (office.sample, office.record)
    let content = try Self.content(sample, record)
    let old = try Self.keys(sample.founder(), record)
    let oldLocks = try Set(sample.founder().reader().locks.files)
    let (before, entries) = (try office.names(.sealed), try office.names(.log))
    let identity = try RelockingTests.identityLocks(sample.founder(), record)

    let outcome = try sample.session(office.bolat).reseal(record)
    #expect(outcome.versions == ["1", "2"] && outcome.ending.awaiting == nil)
    // Of each version a summary and a testimony, and of the first its attachment; lock files and grants.
    #expect(outcome.ending.destroyed == 5 + 6)
    #expect(try Self.content(sample, record) == content)
    let new = try Self.keys(sample.founder(), record)
    for (old, new) in zip(old, new) {
      for layer in [Layer.summary, .testimony] {
        #expect(old[layer]?.recipient != new[layer]?.recipient && old[layer]?.object != new[layer]?.object)
        #expect(try !office.names(.sealed).contains(#require(old[layer]).object))
      }
      #expect(old[.identity] == new[.identity])
    }
    #expect(try office.names(.sealed).subtracting(before).count == 5)
    #expect(try before.subtracting(office.names(.sealed)).count == 5)
    #expect(try office.names(.locks).isDisjoint(with: oldLocks))
    // The log keeps all that it had: signatures and chains survive.
    #expect(try office.names(.log).isSuperset(of: entries))
    #expect(try RelockingTests.identityLocks(sample.founder(), record) == identity)
    #expect(try sample.founder().log.refused.isEmpty)
    #expect(try office.findings().isEmpty)
    #expect(try sample.session(office.dana).read(.testimony, of: record).allSatisfy { $0.opened != nil })
    let opened = try #require(try sample.session(office.dana).read(.testimony, of: record).first?.opened)
    let output = sample.folder.appending(path: "out")
    try sample.session(office.dana).write(opened.compartment.attachments[0], of: opened, to: PathBytes(output.path))
    #expect(try Data(contentsOf: output) == Data("a scan".utf8))

    // Again and again, whatever order the notes' hashes have; and what is added later stands behind it.
    for _ in 0..<3 { #expect(try sample.founder().reseal(record).versions == ["1", "2"]) }
    #expect(try Self.content(sample, record) == content)
    #expect(try sample.founder().log.refused.isEmpty)
    try AmendingTests.amend(sample.founder(), record, "last")
    #expect(try sample.founder().read(.testimony, of: record).map(\.label) == ["1", "2", "3"])
    _ = try sample.founder().relock([record], force: true)
    #expect(try office.findings().isEmpty)
  }

  @Test func anAttachmentOfAnySizeIsSealedAnew() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let founder = try sample.founder()
    for size in [0, 65_536, 65_537, 3_000_001] {
      let data = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
      var draft = try AmendingTests.amendment(founder, record)
      draft.attachments = [try AttachmentSource(sample.file("a.bin", data))]
      _ = try founder.seal([draft])
    }
    let content = try Self.content(sample, record)
    _ = try sample.founder().reseal(record)
    #expect(try Self.content(sample, record) == content)
    for (index, one) in try sample.founder().read(.testimony, of: record).dropFirst().enumerated() {
      let opened = try #require(one.opened)
      let output = sample.folder.appending(path: "out\(index)")
      try sample.founder().write(opened.compartment.attachments[0], of: opened, to: PathBytes(output.path))
      #expect(try SHA256Hash(of: Array(Data(contentsOf: output))) == opened.compartment.attachments[0].content)
    }
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
  }

  /// Cut behind the entries, and again among the removals: the next run finishes, and reseals nothing.
  @Test func aRunThatWasCutShortIsFinishedByTheNext() throws {
    let office = try Office()
    let sample = office.sample
    let old = try office.copy(to: "Before")
    let testimonies = try Set(
      Self.keys(sample.founder(), office.record).compactMap { $0[.testimony]?.object }.map {
        ObjectPlace(.sealed, $0).description
      })
    _ = try sample.founder().reseal(office.record)
    let done = try VerificationTests.objects(sample)
    let vault = sample.folder.appending(path: "Vault")
    let tree = vault.appending(path: "tree")

    try AmendingTests.merge(old, into: vault)
    try FileManager.default.removeItem(at: tree)
    let finished = try Self.resealForOthers(sample.session(office.bolat), office.record)
    #expect(finished.versions.isEmpty && finished.ending.destroyed == 11)
    #expect(try VerificationTests.objects(sample) == done)

    // The testimonies went first; what they listed is still here, and the keys that open it.
    let had = try FileManager.default.subpathsOfDirectory(atPath: old.path)
    let here = Set(try FileManager.default.subpathsOfDirectory(atPath: vault.path))
    let all = Set(had.filter { $0.hasSuffix(".age") }).subtracting(here)
    #expect(all.count == 11)
    let destroyed = all.subtracting(testimonies)
    #expect(destroyed.count == 9)
    for name in destroyed {
      let file = vault.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: old.appending(path: name), to: file)
    }
    let again = try sample.founder().reseal(office.record)
    #expect(again.ending.destroyed == 9)
    let left = Set(try FileManager.default.subpathsOfDirectory(atPath: vault.path))
    #expect(left.isDisjoint(with: destroyed))
    #expect(try office.findings().isEmpty)
  }

  @Test func whereTwoPublishersAreAskedForTheOldStaysUntilTheSecond() throws {
    let office = try Office()
    let sample = office.sample
    try RelockingTests.setThresholds(sample, replace: 1, erase: 2)
    let before = try office.names(.sealed)
    let first = try sample.founder().reseal(office.record)
    #expect(first.versions.count == 2 && first.ending.destroyed == 0)
    #expect(try #require(first.ending.awaiting) == (11, 1, 2))
    #expect(try office.names(.sealed).isSuperset(of: before))
    #expect(try sample.founder().reseal(office.record).versions.isEmpty)
    let second = try Self.resealForOthers(sample.session(office.bolat), office.record)
    #expect(second.versions.isEmpty && second.ending.destroyed == 11)
    #expect(try !office.names(.sealed).isSuperset(of: before))
    #expect(try office.findings().isEmpty)
  }

  /// What does not open as what was committed to is neither sealed again nor destroyed.
  @Test func damageStopsIt() throws {
    let office = try Office()
    let sample = office.sample
    let version = try sample.founder().history(of: office.record).versions[0]
    let part = try #require(
      try sample.founder().open(.testimony, of: office.record, version).compartment.attachments.first?.parts.first)
    let file = sample.path(ObjectPlace(.sealed, part))
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: file)
    let before = try VerificationTests.objects(sample)
    #expect(throws: VaultError.self) { try sample.founder().reseal(office.record) }
    #expect(try VerificationTests.objects(sample) == before)
    #expect(try sample.vault().list(.sealed).temporary.isEmpty)
  }
}
