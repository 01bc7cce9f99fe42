import Age
import Foundation
import Platform
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// Who a drop's source is: for the quorum alone, and a kit that lies is named.
struct DropIdentityTests {
  static func seal(_ kit: FieldKit) throws -> SealedDrop {
    var draft = try FieldOffice.draft()
    draft.identity = ["name": "an invented name"]
    return try kit.seal(draft)
  }

  @Test(arguments: [KeyKind.classic, .hybrid])
  func aQuorumOpensIt(kind: KeyKind) throws {
    let field = try FieldOffice(kind)
    let kit = try field.kit()
    _ = try Self.seal(kit)
    try kit.note("without one")
    try field.carry(kit)
    let taken = try field.intake("out").taken
    for (one, name) in zip(taken, ["an invented name", nil] as [String?]) {
      let asked = try field.office.ask(of: one.record)
      try field.office.approve(asked, by: 1, 3)
      let opened = try field.office.open(asked)
      #expect(opened.accused.isEmpty && opened.versions.count == 1)
      #expect(opened.versions.first?.opened?.compartment.fields["name"]?.text == name)
    }
    #expect(try RotatingTests.verify(field.office.custodian(2)).isEmpty)
  }

  /// The kit's own hand: the same drop with other shares in its lock part, signed anew.
  private func lie(
    _ field: FieldOffice, _ kit: FieldKit, _ drop: Outbox.Drop, _ change: (ShareNote) throws -> ShareNote
  )
    throws
  {
    let session = try field.bolat()
    let key = try #require(session.counselKeys.first)
    func open(_ hash: SHA256Hash, as kind: NoteKind) throws -> SealedNote {
      let file = Array(try Data(contentsOf: field.url(field.outbox(hash))))
      let content = try AgeFile.open(file.span, with: [key])
      return try SealedNote(parsing: content.bytes, as: kind)
    }
    let head = try DropHead(open(drop.file, as: .drop).body)
    let note = try LocksNote(open(head.locks, as: .locks).body)
    let locks = try note.locks.map { lock in
      guard case .share(let address) = lock.to else { return lock }
      let holder = field.office.custodians[address.number - 1]
      let content = try AgeFile.open(lock.file.span, with: [holder.identity])
      let changed = try change(ShareNote(parsing: content.bytes))
      return LocksNote.Lock(
        carries: lock.carries, to: lock.to,
        file: try IdentitySplitting.seal(changed.encoded.secret, to: holder.identity.recipient))
    }
    let file = try AgeFile.seal(
      LocksNote(vault: note.vault, author: note.author, subject: note.subject, locks: locks)
        .signed(with: kit.key.signing).encoded.span, to: [key.recipient])
    let other = DropHead(
      vault: head.vault, number: head.number, previous: head.previous, void: head.void, origin: head.origin,
      time: head.time, layers: head.layers, policy: head.policy, commitments: head.commitments,
      locks: SHA256Hash(of: file), objects: head.objects, corrects: nil)
    let headFile = try AgeFile.seal(other.signed(with: kit.key.signing).encoded.span, to: [key.recipient])
    try field.carry(kit)
    try field.remove("out/\(drop.file).age")
    for bytes in [file, headFile] { try Data(bytes).write(to: field.url("out/\(SHA256Hash(of: bytes)).age")) }
  }

  @Test func aKitThatLiesAboutItsSharesIsNamed() throws {
    let field = try FieldOffice()
    let kit = try field.kit()
    let drop = try Self.seal(kit).drop
    let others = try SecretSharing.split(.random(count: 32), threshold: 2, of: 3).map { SecretBox($0.encoded()) }
    try lie(field, kit, drop) { note in
      note.claims.number == 1
        ? try ShareNote.sign(note.claims, words: others[0].secret, with: kit.key.signing, as: .kit) : note
    }
    let taken = try #require(try field.intake("out").taken.first)
    let asked = try field.office.ask(of: taken.record)
    let accused = try #require(failure { try field.office.approve(asked, by: 1) }?.accused)
    #expect(accused.map(\.role) == [.sealer] && accused.map(\.wrong) == [.words])
    // Who works with it, custodians are not told.
    #expect(accused.map(\.name) == [kit.key.hash.handle])
    // The others open it all the same.
    try field.office.approve(asked, by: 2, 3)
    #expect(try field.office.open(asked).versions.first?.opened?.compartment.fields["name"] == "an invented name")
  }

  /// Shares that another kit signed, or a member who did not seal it.
  @Test func sharesOfAnothersHandAreNoShares() throws {
    let field = try FieldOffice()
    let (kit, other) = (try field.kit(), try field.kit("erke"))
    let drop = try Self.seal(kit).drop
    try lie(field, kit, drop) { note in
      try ShareNote.sign(note.claims, words: note.words.secret, with: other.key.signing, as: .kit)
    }
    let taken = try #require(try field.intake("out").taken.first)
    let asked = try field.office.ask(of: taken.record)
    let accused = try #require(failure { try field.office.approve(asked, by: 1) }?.accused)
    #expect(accused.map(\.wrong) == [.signature])
  }
}
