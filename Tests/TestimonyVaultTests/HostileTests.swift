import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What a hostile file in the vault, or a hostile member, cannot do.
struct HostileTests {
  @Test func oneHugeFileClosesNothing() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let folder = sample.folder.appending(path: "Vault/public/vault")
    let name = "0009-\(String(repeating: "ab", count: 32)).note"
    try Data(count: VaultFolder.publicLimit + 1).write(to: folder.appending(path: name))
    let result = try Verification.withoutKey(sample.vault())
    #expect(result.findings.map(\.place.description) == ["public/vault/\(name)"])
    _ = try sample.founder().newest(record)
  }

  /// What cannot be read is not overlooked when something is written behind it: that would be a fork of our own.
  @Test func nothingIsPublishedBehindATextThatCannotBeRead() throws {
    let sample = try SampleVault(.classic)
    let caseID = try sample.founder().openCase(title: "a", fields: [:], reviewers: CircleName.reviewers)
    _ = try sample.founder().publish(caseID, details: [], summary: "one\n")
    let folder = sample.folder.appending(path: "Vault/public/\(caseID.shown())")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let good = try Data(contentsOf: folder.appending(path: name))
    try Data("bad".utf8).write(to: folder.appending(path: name))
    #expect(throws: VaultError.self) { try sample.founder().publish(caseID, details: [], summary: "two\n") }
    try good.write(to: folder.appending(path: name))
    #expect(try sample.founder().publish(caseID, details: [], summary: "two\n").number == 2)
    #expect(try Verification.withoutKey(sample.vault()).findings.isEmpty)
  }

  @Test func strayNamesAreForeignAndLeftAlone() throws {
    let (sample, _) = try VerificationTests.vaultWithARecord()
    let vault = sample.folder.appending(path: "Vault")
    let names = ["log/zz", "locks/ab/x.age", "sealed/ab/notes.txt", "public/C-0000", "public/vault/1.note", "extra"]
    for name in names {
      let url = vault.appending(path: name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url)
    }
    let result = try Verification.withoutKey(sample.vault())
    #expect(Set(result.findings.map(\.place.description)) == Set(names))
    #expect(result.findings.allSatisfy { $0.kind == .foreign })
    _ = try sample.founder().openCase(title: "b", fields: [:], reviewers: CircleName.reviewers)
    for name in names { #expect(FileManager.default.fileExists(atPath: vault.appending(path: name).path)) }
  }

  /// A good copy that arrives takes the place of a bad file under the right name, two seconds younger.
  @Test func aGoodCopyReplacesABadFile() throws {
    let sample = try SampleVault(.classic)
    let vault = try sample.vault()
    let bytes = Array("content".utf8)
    let first = Commit(in: vault, tag: "a", durability: .each)
    let place = try first.stage(.sealed, bytes)
    try first.place(inOrder: true)
    let url = sample.path(place)
    try Data("bad".utf8).write(to: url)
    let second = Commit(in: vault, tag: "a", durability: .each)
    _ = try second.stage(.sealed, bytes)
    try second.place(inOrder: true)
    #expect(try Data(contentsOf: url) == Data(bytes))
    #expect(try FileSystem.status(PathBytes(url.path)).modified == Commit.time + 2)
    // A good file stays the one that it is.
    let inode = try FileSystem.status(PathBytes(url.path)).inode
    let third = Commit(in: vault, tag: "a", durability: .each)
    _ = try third.stage(.sealed, bytes)
    try third.place(inOrder: true)
    #expect(try FileSystem.status(PathBytes(url.path)).inode == inode)
  }

  /// A lock file that no counsel signed takes part in nothing, even if it says that it is for you.
  @Test func forgedLocksAreNotCounted() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let dana = try sample.admit("dana", [.reviewer])
    let session = try sample.session(dana)
    let version = try session.newest(record)
    let members = try session.circle(CircleName.members)
    let note = LocksNote(
      vault: session.note.id, author: dana.hash,
      subject: .record(record.hash, manifest: version.entry.note),
      locks: [LocksNote.Lock(carries: .layer(.identity), to: .member(dana.hash), file: [1, 2, 3])])
    let file = try AgeFile.seal(note.signed(with: dana.signing).encoded.span, to: [members.recipient])
    let commit = Commit(in: try sample.vault(), tag: "a", durability: .each)
    let place = try commit.stage(.locks, file)
    try commit.place(inOrder: true)
    let again = try sample.session(dana)
    #expect(try again.layers(of: again.newest(record)) == [.summary])
    var result = try Verification.withoutKey(sample.vault())
    try again.verify(into: &result)
    #expect(result.findings.map(\.place.description) == [place.description])
  }

  @Test func keysAreNotWrittenIntoAVault() throws {
    let sample = try SampleVault(.classic)
    let inside = sample.folder.appending(path: "Vault/log/Keys")
    #expect {
      _ = try KeyFolder(making: PathBytes(inside.path))
    } throws: { error in
      if case VaultError.keysInsideVault = error { true } else { false }
    }
    #expect(!FileManager.default.fileExists(atPath: inside.path))
  }

  @Test func whatCouldNotBeReadBackIsNotSealed() throws {
    let sample = try SampleVault(.classic)
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    var deep: JSON = [:]
    for _ in 0..<JSON.depthLimit { deep = ["a": deep] }
    var draft = RecordDraft(caseID: caseID)
    draft.testimony = deep
    let attempts: [() throws -> Void] = [
      { _ = try founder.seal([draft]) },
      { _ = try founder.openCase(title: "b", fields: deep, reviewers: CircleName.reviewers) },
    ]
    for attempt in attempts {
      do {
        try attempt()
        Issue.record("it was written")
      } catch VaultError.unreadable {}
    }
    #expect(try sample.founder().log.records.isEmpty)
    #expect(try Verification.withoutKey(sample.vault()).temporary.isEmpty)
  }

  @Test func aVaultIsFoundedInsideAnEmptyFolderAndNowhereElse() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "founding-\(UUID().uuidString)")
    let vault = folder.appending(path: "Vault")
    try FileManager.default.createDirectory(at: vault, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let name = try PersonName("aigul")
    func found() throws {
      _ = try Founding.found(
        vault: PathBytes(vault.path), keys: PathBytes(folder.appending(path: "Keys").path), name: name,
        displayName: "a", kind: .classic, passphrase: SampleVault.secret(), logN: 10)
    }
    try found()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: vault.path).sorted() == [
        "locks", "log", "public", "vault.note",
      ])
    #expect(try Verification.withoutKey(VaultFolder(opening: PathBytes(vault.path))).findings.isEmpty)
    #expect(throws: VaultError.self) { try found() }
  }
}
