import Age
import Foundation
import Platform
import Publishing
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What was signed for the public and carried away before the power failed is not signed a second time with other words.
struct PlacingAgainTests {
  /// The memory as it was when the files were put in place, and the files gone from here.
  private func cut(_ sample: SampleVault, _ folder: String, _ write: (Session) throws -> Void) throws -> [String: Data]
  {
    let url = sample.folder.appending(path: "Vault").appending(path: folder)
    let names = Set((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [])
    let session = try sample.founder()
    let before = session.seen
    try write(session)
    var carried: [String: Data] = [:]
    var memory = before
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where !names.contains(name) {
      let file = url.appending(path: name)
      carried[name] = try Data(contentsOf: file)
      let open = Commit.OpenFile(
        folder: folder.split(separator: "/").map { PathBytes(String($0)) }, name: PathBytes(name),
        bytes: Array(try Data(contentsOf: file)))
      if open.isPlacedAgain {
        memory.placing.append(open)
        try FileManager.default.removeItem(at: file)
      }
    }
    try session.remember(memory)
    return carried
  }

  @Test func aKeysNoteIsNotForked() throws {
    let sample = try SampleVault(.classic)
    _ = try sample.admit("bolat", [.counsel])
    let carried = try cut(sample, "public/vault") { session in
      var thresholds = KeysNote.Thresholds()
      thresholds.publish = 2
      try session.set(thresholds)
    }
    #expect(carried.count == 1)
    #expect(try sample.founder().open.keys?.thresholds.publish == 1)
    try sample.founder().setSuccession(0, [])
    let open = try sample.founder().open
    #expect(open.keys?.thresholds.publish == 2 && !open.keysAreUnclear)
    for (name, bytes) in carried {
      #expect(try Data(contentsOf: sample.folder.appending(path: "Vault/public/vault/\(name)")) == bytes)
    }
    _ = try RotatingTests.open(sample.founder(), "a")
    #expect(try sample.founder().seen.placing.isEmpty)
  }

  /// Another note that came meanwhile stands: putting the own one beside it would make the fork.
  @Test func whatWasOvertakenIsNotPutBesideIt() throws {
    let sample = try SampleVault(.classic)
    _ = try sample.admit("bolat", [.counsel])
    _ = try cut(sample, "public/vault") { session in
      var thresholds = KeysNote.Thresholds()
      thresholds.erase = 2
      try session.set(thresholds)
    }
    let session = try sample.founder()
    let (keys, hash) = try session.newestKeys()
    var other = keys.following(hash)
    other.thresholds.retract = 2
    let note = try other.signed(for: session.note.id, with: session.key.founder)
    let folder = sample.folder.appending(path: "Vault/public/vault")
    try Data(note.encoded).write(
      to: folder.appending(path: PublicName.file(number: other.number, bytes: note.encoded).text))
    _ = try RotatingTests.open(sample.founder(), "a")
    #expect(try sample.founder().open.keys?.thresholds.retract == 2)
    #expect(try !sample.founder().open.keysAreUnclear)
  }

  @Test func aCheckpointIsNotForked() throws {
    let sample = try SampleVault(.classic)
    let carried = try cut(sample, "tree") { session in _ = try session.checkpoint() }
    #expect(carried.count == 2)
    let session = try sample.founder()
    #expect(try sample.vault().treeListing(of: session.note, session.open).record.checkpoints.isEmpty)
    _ = try RotatingTests.open(sample.founder(), "a")
    #expect(try sample.founder().checkpoint().checkpoint?.number == 2)
    let tree = try sample.vault().treeListing(of: session.note, session.open)
    #expect(tree.unclear == nil && tree.record.checkpoints.count == 2)
  }

  /// What a write makes public is in the memory before it is in the vault, and stays where the rest fails.
  @Test func theMemoryIsWrittenFirstAndNothingPublicIsTakenBack() throws {
    let sample = try SampleVault(.classic)
    let session = try sample.founder()
    let bytes = Array("signed".utf8)
    for (name, isKept) in [
      ("0009-\(SHA256Hash(of: bytes)).note", true), ("0009-\(SHA256Hash(of: bytes)).names", false),
    ] {
      let commit = Commit(in: session.vault, tag: "00", durability: .each)
      let lock = try commit.stage(.locks, Array(name.utf8))
      try commit.stage(path: ["tree"], name: PathBytes(name), bytes)
      try commit.place(inOrder: true)
      #expect(commit.takeBack() != isKept)
      #expect(((try? session.vault.read(lock, atMost: 100)) != nil) == isKept)
    }
    var memory = session.seen
    memory.placing = [Commit.OpenFile(folder: ["public", "vault"], name: "0009-x.note", bytes: bytes)]
    try session.remember(memory)
    #expect(try sample.founder().seen.placing == memory.placing)
  }
}
