import Age
import Foundation
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Two checkpoints for one place stop everybody, until the founder hands the registrar's place on.
struct HandoverForkTests {
  @Test func aHandoverSettlesAFork() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    _ = try sample.founder().checkpoint()
    let first = try CheckpointingTests.listing(sample).record
    for title in ["a", "b"] { _ = try RotatingTests.open(sample.founder(), title) }
    _ = try sample.founder().checkpoint()
    var tree = first.tree
    let names = try VerificationTests.objects(sample).map(\.treeName).filter { !tree.contains($0) }.dropLast()
    for name in names { _ = tree.append(name) }
    let rival = try VaultCheckpoint(
      of: tree, after: first.newest, vault: sample.founded.note.id, with: sample.founded.key.registrar)
    try CheckpointingTests.addTreeFile(sample, TreeFile.checkpoint(number: 2, bytes: rival.encoded), rival.encoded)
    let bytes = TreeNames.encode(Array(names))
    try CheckpointingTests.addTreeFile(sample, TreeFile.names(number: 2, bytes: bytes), bytes)
    #expect(throws: VaultError.self) { try sample.founder().checkpoint() }
    #expect(try sample.founder().checkpointsBeforeFork() == 1)
    #expect(try sample.founder().handOver(to: "bolat") == first.tree.size)
    #expect(try sample.founder().checkpointsBeforeFork() == nil)
    #expect(try sample.session(bolat).checkpoint().checkpoint?.number == 2)
    #expect(try CheckpointingTests.listing(sample).unclear == nil)
    #expect(try CheckpointingTests.listing(sample).record.checkpoints.count == 2)
  }

  /// The new registrar's copy lacks the checkpoint at which the former one ended: nothing is signed in its place.
  @Test func nothingIsSignedBeforeTheFormerOnesCheckpointsAreHere() throws {
    let sample = try SampleVault(.classic)
    let bolat = try sample.admit("bolat", [.counsel])
    _ = try sample.founder().checkpoint()
    _ = try sample.founder().handOver(to: "bolat")
    let tree = sample.folder.appending(path: "Vault/tree")
    let away = sample.folder.appending(path: "away")
    try FileManager.default.moveItem(at: tree, to: away)
    do {
      _ = try sample.session(bolat).checkpoint()
      Issue.record("signed")
    } catch VaultError.checkpointsUnclear {}
    #expect(!FileManager.default.fileExists(atPath: tree.path))
    let result = try VerificationTests.verify(sample, withKey: false)
    #expect(result.findings.map(\.place.description) == ["tree"])
    guard case .tree(.endMissing)? = result.findings.first?.meaning else {
      Issue.record("another meaning")
      return
    }
    try FileManager.default.moveItem(at: away, to: tree)
    #expect(try sample.session(bolat).checkpoint().checkpoint?.number == 2)
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
  }
}
