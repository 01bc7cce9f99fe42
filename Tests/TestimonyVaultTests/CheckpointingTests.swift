import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Checkpoints of a vault in a folder: what they cover, what is missing then, and who may sign which.
struct CheckpointingTests {
  static func listing(_ sample: SampleVault) throws -> TreeListing {
    let vault = try sample.vault()
    return try vault.treeListing(of: sample.founded.note, vault.publicListing(of: sample.founded.note).record)
  }

  static func treeFiles(_ sample: SampleVault) throws -> [String] {
    let folder = sample.folder.appending(path: "Vault/tree")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  static func treeFile(_ sample: SampleVault, _ prefix: String, _ suffix: String) throws -> URL {
    let name = try treeFiles(sample).first { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
    return sample.folder.appending(path: "Vault/tree").appending(path: try #require(name))
  }

  static func addTreeFile(_ sample: SampleVault, _ name: PathBytes, _ bytes: [UInt8]) throws {
    let folder = sample.folder.appending(path: "Vault/tree")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appending(path: name.description))
  }

  static func gone(_ sample: SampleVault, _ reason: GoneNote.Reason, _ names: [GoneNote.Name], _ key: MemberKey? = nil)
    throws -> [UInt8]
  {
    let signed = try GoneNote(reason, names).signed(
      for: sample.founded.note.id, publisher: 1, with: (key ?? sample.founded.key).publisher)
    return signed.encoded
  }

  @Test func everyCheckpointExtendsTheOneBefore() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    let objects = try VerificationTests.objects(sample)
    let first = try sample.founder().checkpoint()
    let one = try #require(first.checkpoint)
    #expect(one.number == 1 && one.size == objects.count && first.added == objects.count)
    #expect(first.missing.isEmpty && first.damaged.isEmpty)
    #expect(try Self.listing(sample).record.names == objects.map(\.treeName).sorted())
    // Nothing is new: nothing is signed.
    let again = try sample.founder().checkpoint()
    #expect(again.added == 0 && again.checkpoint == one)
    #expect(try Self.treeFiles(sample).count == 2)
    _ = try sample.admit("bob", [.reviewer])
    let rehearsed = try sample.founder().checkpoint(rehearsing: true)
    #expect(rehearsed.added == 2 && rehearsed.checkpoint == one)
    #expect(try Self.treeFiles(sample).count == 2)
    let two = try #require(try sample.founder().checkpoint().checkpoint)
    #expect(two.number == 2 && two.previous == one.hash && two.size == one.size + 2)
    let listing = try Self.listing(sample)
    #expect(listing.record.faults.isEmpty && listing.record.newest == two)
    #expect(listing.record.tree.extends((one.size, one.root)))
    let result = try VerificationTests.verify(sample, withKey: true)
    #expect(result.findings.isEmpty)
    #expect(result.covered == two.size && result.notCovered == 0 && result.gone == 0)
    #expect(result.checkpoint == two)
  }

  @Test func onlyTheRegistrarSigns() throws {
    let sample = try SampleVault(.classic)
    let bob = try sample.admit("bob", [.counsel])
    do {
      _ = try sample.session(bob).checkpoint()
      Issue.record("signed")
    } catch VaultError.needsRegistrar {}
    #expect(try !sample.session(bob).isRegistrar)
    #expect(try sample.founder().isRegistrar)
  }

  /// What an outsider sees without a key: every file that a checkpoint covers and that is not here.
  @Test func whatIsMissingIsNamedWithoutAKey() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    _ = try sample.founder().checkpoint()
    for place in try VerificationTests.objects(sample) {
      let path = sample.path(place)
      let good = try Data(contentsOf: path)
      try FileManager.default.removeItem(at: path)
      let result = try VerificationTests.verify(sample, withKey: false)
      #expect(result.findings.map(\.place.description) == [place.description])
      #expect(result.findings.first?.kind == .incomplete)
      guard case .notHere(checkpoint: 1)? = result.findings.first?.meaning else {
        Issue.record("another meaning")
        continue
      }
      try good.write(to: path)
    }
    #expect(try VerificationTests.verify(sample, withKey: false).findings.isEmpty)
  }

  @Test func whatIsGoneOnPurposeIsNoFinding() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    _ = try sample.founder().checkpoint()
    let places = try VerificationTests.objects(sample)
    let (lock, other) = (
      try #require(places.first { $0.kind == .locks }), try #require(places.last { $0.kind == .locks })
    )
    let sealed = try #require(places.first { $0.kind == .sealed })
    let erase = try Self.gone(sample, .erase, [.init(sealed.treeName)])
    try Self.addTreeFile(sample, TreeFile.gone(bytes: erase), erase)
    var result = try VerificationTests.verify(sample, withKey: false)
    // It is gone on enough words, and still here: counted, no finding.
    #expect(result.findings.isEmpty && result.stillHere == 1 && result.gone == 0)
    try FileManager.default.removeItem(at: sample.path(sealed))
    result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.isEmpty && result.stillHere == 0 && result.gone == 1)
    #expect(try sample.founder().checkpoint().missing.isEmpty)
    // A lock file whose successor has not arrived.
    let never = ObjectPlace(.locks, SHA256Hash(of: [1]))
    let replace = try Self.gone(sample, .replace, [.init(lock.treeName, replacedBy: never.treeName)])
    try Self.addTreeFile(sample, TreeFile.gone(bytes: replace), replace)
    result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.map(\.place.description) == [never.description])
    guard case .successorNotHere? = result.findings.first?.meaning else {
      Issue.record("another meaning")
      return
    }
    let good = try Self.gone(sample, .replace, [.init(lock.treeName, replacedBy: other.treeName)])
    #expect(other != lock)
    try FileManager.default.removeItem(at: Self.treeFile(sample, "gone-\(SHA256Hash(of: replace))", ".note"))
    try Self.addTreeFile(sample, TreeFile.gone(bytes: good), good)
    #expect(try VerificationTests.verify(sample, withKey: false).findings.isEmpty)
  }

  @Test func tooFewPublishersTakeNothingAway() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    // The founder asks for two words for an erasure.
    let founder = try sample.founder()
    var keys = try #require(founder.open.keys).following(try #require(founder.open.keysHash))
    keys.thresholds.erase = 2
    let signed = try keys.signed(for: sample.founded.note.id, with: sample.founded.key.founder).encoded
    try Data(signed).write(
      to: sample.folder.appending(path: "Vault/public/vault").appending(
        path: PublicName.file(number: 2, bytes: signed).description))
    _ = try sample.founder().checkpoint()
    let place = try #require(try VerificationTests.objects(sample).first { $0.kind == .sealed })
    let erase = try Self.gone(sample, .erase, [.init(place.treeName)])
    try Self.addTreeFile(sample, TreeFile.gone(bytes: erase), erase)
    #expect(try VerificationTests.verify(sample, withKey: false).findings.isEmpty)
    try FileManager.default.removeItem(at: sample.path(place))
    let result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.map(\.place.description) == [place.description])
    #expect(result.findings.first?.kind == .damaged && result.gone == 0)
    guard case .goneClaimed(have: 1, need: 2)? = result.findings.first?.meaning else {
      Issue.record("another meaning")
      return
    }
    #expect(try sample.founder().checkpoint().missing == [place])
  }

  /// The registrar's device remembers what it signed: a vault that went back gets no second checkpoint in the same place.
  @Test func aVaultThatWentBackIsRefused() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    _ = try sample.founder().checkpoint()
    _ = try sample.admit("bob", [.reviewer])
    _ = try sample.founder().checkpoint()
    let tree = sample.folder.appending(path: "Vault/tree")
    let second = try Self.treeFile(sample, "0002", ".checkpoint")
    let names = try Self.treeFile(sample, "0002", ".names")
    let (bytes, namesBytes) = (try Data(contentsOf: second), try Data(contentsOf: names))
    try FileManager.default.removeItem(at: second)
    _ = try sample.admit("carol", [.reviewer])
    func refusal() throws -> (was: Int, now: Int)? {
      do { _ = try sample.founder().checkpoint() } catch VaultError.checkpointsWentBack(let was, let now) {
        return (was, now)
      }
      return nil
    }
    var refused = try #require(try refusal())
    #expect(refused == (2, 1))
    // Another checkpoint in its place, by the same key: a second machine.
    try FileManager.default.removeItem(at: names)
    let record = try Self.listing(sample).record
    var other = record.tree
    let new = try VerificationTests.objects(sample).map(\.treeName).filter { !other.contains($0) }
    for name in new { _ = other.append(name) }
    let rival = try VaultCheckpoint(
      of: other, after: record.newest, vault: sample.founded.note.id, with: sample.founded.key.registrar)
    let rivalNames = TreeNames.encode(new)
    try Self.addTreeFile(sample, TreeFile.checkpoint(number: 2, bytes: rival.encoded), rival.encoded)
    try Self.addTreeFile(sample, TreeFile.names(number: 2, bytes: rivalNames), rivalNames)
    #expect(try Self.listing(sample).record.newest == rival)
    refused = try #require(try refusal())
    #expect(refused == (2, 2))
    // Both: a fork, found without a key; nothing is signed behind it.
    try bytes.write(to: second)
    try namesBytes.write(to: names)
    let result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.count { $0.kind == .fork } == 2)
    #expect(result.checkpoint?.number == 1)
    _ = try #require(try refusal())
    // With the own one alone it goes on.
    try FileManager.default.removeItem(
      at: tree.appending(path: TreeFile.checkpoint(number: 2, bytes: rival.encoded).description))
    try FileManager.default.removeItem(
      at: tree.appending(path: TreeFile.names(number: 2, bytes: rivalNames).description))
    #expect(try sample.founder().checkpoint().checkpoint?.number == 3)
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
  }

  @Test func aFileThatIsNotWhatItsNameSaysIsNotCovered() throws {
    let sample = try SampleVault(.classic)
    let good = try #require(try VerificationTests.objects(sample).first)
    let bad = ObjectPlace(.sealed, SHA256Hash(of: [7]))
    try FileManager.default.createDirectory(
      at: sample.path(bad).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data([8]).write(to: sample.path(bad))
    let outcome = try sample.founder().checkpoint()
    #expect(outcome.damaged == [bad])
    let tree = try Self.listing(sample).record.tree
    #expect(tree.contains(good.treeName) && !tree.contains(bad.treeName))
  }

  @Test func whatLiesInTheTreeIsReadAsHostile() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    _ = try sample.founder().checkpoint()
    let tree = sample.folder.appending(path: "Vault/tree")
    let checkpoint = try Self.treeFile(sample, "0001", ".checkpoint")
    let names = try Self.treeFile(sample, "0001", ".names")
    func found(_ url: URL, _ bytes: [UInt8], _ kind: Finding.Kind, also: Int = 0) throws {
      let before = try? Data(contentsOf: url)
      try Data(bytes).write(to: url)
      let findings = try VerificationTests.verify(sample, withKey: false).findings
      let mine = findings.first { $0.place.description == "tree/\(url.lastPathComponent)" }
      #expect(mine?.kind == kind && findings.count == 1 + also, "\(url.lastPathComponent) \(findings)")
      try FileManager.default.removeItem(at: url)
      try before?.write(to: url)
    }
    let hash = SHA256Hash(of: [])
    try found(tree.appending(path: "note.txt"), [1], .foreign)
    try found(tree.appending(path: "1-\(hash).names"), [], .foreign)
    try found(tree.appending(path: "00001-\(hash).names"), [], .foreign)
    try found(tree.appending(path: "gone-\(hash).note "), [], .foreign)
    try found(tree.appending(path: "gone-\(hash).note"), [1], .damaged)
    try found(tree.appending(path: "gone-\(hash).note"), [], .damaged)
    try found(tree.appending(path: "0002-\(hash).checkpoint"), [1], .damaged)
    try found(tree.appending(path: "0002-\(hash).names"), [1], .damaged)
    // Names that nobody signed for, and a second file of names beside the right one.
    try found(tree.appending(path: "0003-\(hash).names"), [], .incomplete)
    try found(tree.appending(path: "0001-\(hash).names"), [], .damaged)
    // Those of the next checkpoint alone are a write that was cut short.
    let next = tree.appending(path: "0002-\(hash).names")
    try Data().write(to: next)
    let cut = try VerificationTests.verify(sample, withKey: false)
    #expect(cut.findings.isEmpty && cut.temporary.map(\.description) == ["tree/0002-\(hash).names"])
    try FileManager.default.removeItem(at: next)
    let large = [UInt8](repeating: 10, count: VaultFolder.checkpointLimit + 1)
    try found(tree.appending(path: "0002-\(SHA256Hash(of: large)).checkpoint"), large, .damaged)
    // The good ones altered, cut, emptied: named, with what cannot be checked then.
    for url in [checkpoint, names] {
      let good = [UInt8](try Data(contentsOf: url))
      var flipped = good
      flipped[good.count / 2] ^= 1
      for bad in [flipped, Array(good.dropLast()), []] {
        try found(url, bad, .damaged, also: url == names ? 1 : 0)
      }
    }
    try FileManager.default.createSymbolicLink(
      at: tree.appending(path: "0009-\(hash).names"), withDestinationURL: names)
    try FileManager.default.createDirectory(
      at: tree.appending(path: "0009-\(hash).checkpoint"), withIntermediateDirectories: false)
    #expect(unsafe mkfifo(tree.appending(path: "gone-\(hash).note").path, 0o600) == 0)
    try Data().write(to: tree.appending(path: ".testimony-1"))
    let result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.map(\.kind) == [.foreign, .foreign, .foreign])
    #expect(result.temporary.map(\.description) == ["tree/.testimony-1"])
    // None of it stops the registrar.
    _ = try sample.admit("bob", [.reviewer])
    #expect(try sample.founder().checkpoint().checkpoint?.number == 2)
  }

  @Test func namesThatAreMissingAreNamedWithTheirCheckpoint() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    _ = try sample.founder().checkpoint()
    let names = try Self.treeFile(sample, "0001", ".names")
    try FileManager.default.removeItem(at: names)
    let result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.map(\.kind) == [.incomplete] && result.checkpoint == nil)
    do {
      _ = try sample.founder().checkpoint()
      Issue.record("signed")
    } catch VaultError.checkpointsWentBack(was: 1, now: 0) {}
  }

  /// What a run leaves that is killed between the names and their checkpoint.
  static func leaveNames(_ sample: SampleVault, number: Int, _ names: [TreeName]? = nil) throws -> URL {
    let tree = try listing(sample).record.tree
    let new = try names ?? VerificationTests.objects(sample).map(\.treeName).filter { !tree.contains($0) }.sorted()
    let bytes = TreeNames.encode(new)
    let name = TreeFile.names(number: number, bytes: bytes)
    try addTreeFile(sample, name, bytes)
    return sample.folder.appending(path: "Vault/tree").appending(path: name.description)
  }

  static func findings(_ sample: SampleVault) throws -> [String] {
    try VerificationTests.verify(sample, withKey: true).findings.map(\.place.description)
  }

  @Test func namesOfARunThatWasCutShortAreTakenUp() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    _ = try sample.founder().checkpoint()
    _ = try sample.admit("bob", [.reviewer])
    let left = try Self.leaveNames(sample, number: 2)
    #expect(try Self.findings(sample).isEmpty)
    // The checkpoint that was being signed: a sync may have carried it away, and may bring it back.
    let before = try Self.listing(sample).record
    var tree = before.tree
    for name in try VerificationTests.objects(sample).map(\.treeName).sorted() { _ = tree.append(name) }
    let carried = try VaultCheckpoint(
      of: tree, after: before.newest, vault: sample.founded.note.id, with: sample.founded.key.registrar)
    _ = try sample.admit("carol", [.reviewer])
    let rehearsed = try sample.founder().checkpoint(rehearsing: true)
    #expect(rehearsed.added == 4 && rehearsed.checkpoint?.number == 1)
    let outcome = try sample.founder().checkpoint()
    #expect(outcome.checkpoint?.number == 3 && outcome.added == 4)
    let listing = try Self.listing(sample)
    #expect(listing.record.checkpoints.map(\.number) == [1, 2, 3] && listing.record.checkpoints[1] == carried)
    #expect(FileManager.default.fileExists(atPath: left.path))
    try Self.addTreeFile(sample, TreeFile.checkpoint(number: 2, bytes: carried.encoded), carried.encoded)
    #expect(try Self.treeFiles(sample).count == 6)
    #expect(try Self.findings(sample).isEmpty && Self.listing(sample).temporary.isEmpty)
    #expect(try sample.founder().checkpoint().added == 0)
  }

  /// Alone, they are taken up in one checkpoint: nothing is signed twice.
  @Test func namesThatAreAllThereIsGetOneCheckpoint() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    let left = try Self.leaveNames(sample, number: 1)
    #expect(try sample.founder().checkpoint().checkpoint?.number == 1)
    #expect(try Self.treeFiles(sample).filter { $0.hasSuffix(".names") } == [left.lastPathComponent])
    #expect(try Self.findings(sample).isEmpty)
  }

  /// What they name was replaced meanwhile: they are removed once the rest is covered, and alarm nobody before.
  @Test func namesThatCannotBeTakenUpAreRemoved() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let left = try Self.leaveNames(sample, number: 1)
    _ = try sample.founder().relock([record], force: true)
    let bytes = try Data(contentsOf: left)
    #expect(try sample.founder().checkpoint().checkpoint?.number == 1)
    #expect(!FileManager.default.fileExists(atPath: left.path))
    #expect(try Self.findings(sample).isEmpty)
    // Somewhere else they are still there, and come back with a sync.
    try bytes.write(to: left)
    #expect(try Self.findings(sample).isEmpty)
    #expect(try Self.listing(sample).temporary.map(\.description) == ["tree/\(left.lastPathComponent)"])
    #expect(try sample.founder().checkpoint().added == 0)
    #expect(!FileManager.default.fileExists(atPath: left.path))
    #expect(try sample.founder().checkpoint().checkpoint?.number == 1)
  }

  /// Names whose files have not arrived yet are not destroyed, and are told as long as no checkpoint covers them.
  @Test func namesOfWhatIsNotHereAreKept() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    let late = try #require(try VerificationTests.objects(sample).first { $0.kind == .sealed })
    let left = try Self.leaveNames(sample, number: 1)
    let good = try Data(contentsOf: sample.path(late))
    try FileManager.default.removeItem(at: sample.path(late))
    _ = try sample.founder().checkpoint()
    #expect(
      try VerificationTests.verify(sample, withKey: false).findings.map(\.place.description).contains(
        "tree/\(left.lastPathComponent)"))
    try good.write(to: sample.path(late))
    #expect(try sample.founder().checkpoint().checkpoint?.number == 2)
    #expect(!FileManager.default.fileExists(atPath: left.path))
    #expect(try Self.findings(sample).isEmpty)
  }

  /// Nothing is signed for names that no run of ours leaves; and beside a second checkpoint nothing is removed.
  @Test func foreignNamesAreNotTakenUp() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    let names = try VerificationTests.objects(sample).map(\.treeName).sorted()
    let invented = TreeName(.sealed, SHA256Hash(of: [7]))
    let altered = try Self.leaveNames(sample, number: 1, [names[0], names[1]])
    try Data("sealed/0\n".utf8).write(to: altered)
    let other = try [
      Self.leaveNames(sample, number: 1, names.reversed()), Self.leaveNames(sample, number: 1, names + [invented]),
      Self.leaveNames(sample, number: 1, names + [names[0]]), Self.leaveNames(sample, number: 1, []),
    ]
    #expect(try sample.founder().checkpoint().checkpoint?.number == 1)
    let listing = try Self.listing(sample)
    #expect(listing.record.names == names)
    // The same names in another order, or twice, tell nothing: they are removed. The rest stays and is told.
    let told = [altered, other[1], other[3]].map { "tree/\($0.lastPathComponent)" }.sorted()
    #expect(try VerificationTests.verify(sample, withKey: false).findings.map(\.place.description).sorted() == told)
    #expect(!FileManager.default.fileExists(atPath: other[0].path))
    #expect(!FileManager.default.fileExists(atPath: other[2].path))
    // A checkpoint that does not count lies beside: names are evidence then.
    let some = try Self.leaveNames(sample, number: 1, [names[0]])
    let bytes = Array("no checkpoint".utf8)
    try Self.addTreeFile(sample, TreeFile.checkpoint(number: 1, bytes: bytes), bytes)
    _ = try sample.founder().checkpoint()
    #expect(FileManager.default.fileExists(atPath: some.path))
    #expect(try Self.findings(sample).contains("tree/\(some.lastPathComponent)"))
  }
}
