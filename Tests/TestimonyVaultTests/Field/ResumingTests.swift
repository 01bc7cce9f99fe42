import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A note with large attachments that was interrupted goes on with the part it was at.
struct ResumingTests {
  struct Stop: Error {}

  /// A field, a kit, and two large files that differ.
  private static func start() throws -> (field: FieldOffice, kit: FieldKit, files: [PathBytes]) {
    let field = try FieldOffice()
    let files = try ["one.mp4", "two.mp4"].enumerated().map { index, name in
      var content = Data(count: 9_000_000)
      for place in stride(from: index, to: content.count, by: 100_003) { content[place] = UInt8(place & 0xff) }
      return try field.sample.file(name, content)
    }
    return (field, try field.kit(), files)
  }

  /// Seals until the second file is begun.
  private static func interrupt(
    _ kit: FieldKit, _ files: [PathBytes], by error: any Error = Stop(), identity: JSON = [:]
  ) throws {
    var draft = try FieldOffice.draft(attaching: files)
    draft.identity = identity
    #expect(throws: VaultError.self) {
      _ = try kit.seal(draft) { place, _ in if place == "two.mp4" { throw error } }
    }
  }

  private static func change(_ field: FieldOffice, _ kit: FieldKit, _ change: (inout Outbox) -> Void) throws {
    var list = try field.open().outbox
    change(&list)
    try kit.folder.write(Outbox.fileName(kit.key.name), list.sealed(for: kit.key), replacing: true)
  }

  /// As a run that was cut short when its number was taken and its head not yet in place.
  private static func takeNumber(_ field: FieldOffice, _ kit: FieldKit) throws {
    let kept = try #require(try field.open().outbox.unfinished)
    try change(field, kit) { list in
      list.intent = Outbox.Drop(
        number: 1, head: SHA256Hash(of: [1]), file: SHA256Hash(of: [2]), files: kept.objects,
        time: ClaimedTime(clamping: SystemClock.now()))
    }
  }

  private static func objects(_ field: FieldOffice) throws -> Int {
    try FieldOffice.files(below: field.url("Kit-dana/outbox")).count
  }

  @Test func whatWasWholeIsNotSealedAgain() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files, identity: ["name": "the first time"])
    let kept = try #require(try field.open().outbox.unfinished)
    #expect(kept.length == 9_000_000 && kept.objects.count == 1)
    #expect(try Self.objects(field) == 1)
    #expect(try field.open().outbox.next == 1 && field.open().outbox.drops.isEmpty)

    let again = try field.open()
    var draft = try FieldOffice.draft("the second time", attaching: files.reversed())
    draft.identity = ["name": "the second time"]
    let sealed = try again.seal(draft)
    #expect(sealed.resumed == 9_000_000 && sealed.drop.number == 1 && sealed.drop.files.contains(kept.objects[0]))
    #expect(again.outbox.unfinished == nil)
    #expect(try Self.objects(field) == 1 + sealed.drop.files.count)
    try field.carry(again)
    let (intake, taken) = try field.intake("out")
    #expect(intake.verdicts == [1: .good])
    let session = try field.bolat()
    let read = try session.open(.testimony, of: taken[0].record, session.newest(taken[0].record))
    #expect(read.compartment.fields["statement"] == "the second time")
    let hashes = try files.reversed().map { file in
      SHA256Hash(of: Array(try Data(contentsOf: field.url(file.last.description))))
    }
    #expect(read.compartment.attachments.map(\.content) == hashes)
    // Decrypted, both are what was handed in: the one that was begun, too.
    for attachment in read.compartment.attachments {
      var hasher = SHA256Hasher()
      for part in attachment.parts {
        let bytes = Array(try Data(contentsOf: field.url("Vault/\(ObjectPlace(.sealed, part))")))
        let content = try AgeFile.open(bytes.span, with: [read.identity])
        hasher.update(content.bytes.extracting(first: Int(attachment.length)))
      }
      #expect(hasher.finalize() == attachment.content)
    }
  }

  @Test func itGoesOnWithThePartItWasAt() throws {
    let (field, kit, files) = try Self.start()
    let source = try AttachmentSource(files[0])
    let count = Counter()
    func seal(_ kit: FieldKit, stopBehind limit: UInt64) throws -> Record.Attachment {
      let counsel = try kit.counsel()
      let keeping = try PartKeeping(kit, kit.outbox, [source], counsel: counsel, tag: "0123456789abcdef") { _, _ in }
      let sealing = AttachmentSealing(
        recipient: keeping.testimony.recipient,
        commit: Commit(in: kit.files, tag: "0123456789abcdef", durability: .each), workers: 1, partSize: 2 << 20,
        progress: { if count.add($0) > limit { throw Stop() } })
      return try sealing.seal(source, keeping: keeping.attachment(0, source))
    }
    #expect(throws: Stop.self) { _ = try seal(kit, stopBehind: 5 << 20) }
    let kept = try #require(try field.open().outbox.unfinished).attachments[0]
    #expect(kept.length == 4 << 20 && kept.parts.count == 2 && !kept.isWhole)
    // A second time, further on.
    #expect(throws: Stop.self) { _ = try seal(field.open(), stopBehind: 9 << 20) }
    let further = try #require(try field.open().outbox.unfinished).attachments
    #expect(further.count == 1 && further[0].parts.count > 2 && further[0].parts.starts(with: kept.parts))
    let whole = try seal(field.open(), stopBehind: .max)
    #expect(whole.parts.starts(with: further[0].parts) && whole.length == 9_000_000)
    #expect(whole.content == SHA256Hash(of: Array(try Data(contentsOf: field.url("one.mp4")))))
    #expect(whole.parts.count == Int((Padme.padded(9_000_000, minimum: 65536) + (2 << 20) - 1) >> 21))
    let end = try #require(try field.open().outbox.unfinished).attachments
    #expect(end.map(\.isWhole) == [true] && end[0].parts == whole.parts)
    #expect(try Self.objects(field) == whole.parts.count)
  }

  /// What is not as it was is sealed anew, and what had been begun is gone.
  @Test(arguments: ["changed", "longer", "lost", "damaged", "other counsel"])
  func whatChangedIsSealedAnew(what: String) throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    var list = try field.open().outbox
    let kept = try #require(list.unfinished)
    let place = field.outbox(kept.objects[0])
    var content = try Data(contentsOf: field.url("one.mp4"))
    switch what {
    case "changed": content[7] ^= 1
    case "longer": content.append(0)
    case "lost": try field.remove(place)
    case "damaged": try field.cut(place, to: 5_000_000)
    default:
      list.unfinished = UnfinishedNote(
        recipient: kept.recipient, lock: kept.lock, counsel: SHA256Hash(of: []), salts: kept.salts,
        attachments: kept.attachments)
      try kit.folder.write(Outbox.fileName(kit.key.name), list.sealed(for: kit.key), replacing: true)
    }
    try content.write(to: field.url("one.mp4"))
    let again = try field.open()
    let sealed = try again.seal(FieldOffice.draft(attaching: files))
    #expect(sealed.resumed == 0 && !sealed.drop.files.contains(kept.objects[0]) && again.outbox.unfinished == nil)
    #expect(try Self.objects(field) == 1 + sealed.drop.files.count)
    try field.carry(again)
    #expect(try field.intake("out").intake.verdicts == [1: .good])
  }

  @Test func anotherNoteLeavesItAsItIs() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    let small = try field.sample.file("photo.jpg", Data(count: 100_000))
    try field.open().note("meanwhile", attaching: [small])
    let again = try field.open()
    #expect(again.outbox.unfinished?.length == 9_000_000)
    let sealed = try again.seal(FieldOffice.draft(attaching: files))
    #expect(sealed.resumed == 9_000_000 && sealed.drop.number == 2)
    try field.carry(again)
    #expect(try field.intake("out").intake.verdicts == [1: .good, 2: .good])
  }

  /// The number was taken and its head never came to be: the parts are still worth having.
  @Test func aNumberThatWasGivenUpKeepsTheParts() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    try Self.takeNumber(field, kit)
    let sealed = try field.open().seal(FieldOffice.draft(attaching: files))
    #expect(sealed.resumed == 9_000_000 && sealed.drop.number == 2)
  }

  @Test func aFullMediumHasItsRoomBack() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files, by: SystemError(code: ENOSPC, call: "write"))
    #expect(try Self.objects(field) == 0 && field.open().outbox.unfinished == nil)
  }

  /// Once a number is taken the head may be in place, and the objects are a drop's.
  @Test func aFullMediumTakesNothingBehindATakenNumber() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    try Self.takeNumber(field, kit)
    try field.open().makeRoom()
    #expect(try Self.objects(field) == 1)
    try Self.change(field, kit) { $0.intent = nil }
    try field.open().makeRoom()
    #expect(try Self.objects(field) == 0)
  }

  @Test func cleaningGivesItUp() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    let again = try field.open()
    #expect(try again.clean().unfinished == 9_000_000)
    #expect(try Self.objects(field) == 0 && field.open().outbox.unfinished == nil)
  }

  @Test func anOriginalThatCannotBeReadBackStays() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    let again = try field.open()
    var draft = try FieldOffice.draft(attaching: files)
    draft.identityAttachments = [try AttachmentSource(field.sample.file("passport.png", Data("a passport".utf8)))]
    let (removed, stayed) = try again.removeOriginals(of: again.seal(draft), draft)
    #expect(removed == [field.url("passport.png").path] && stayed == files.map(\.description))
  }

  /// Neither the unlocked key nor anything that is kept opens a part.
  @Test func whatIsKeptOpensNothing() throws {
    let (field, kit, files) = try Self.start()
    try Self.interrupt(kit, files)
    let again = try field.open()
    let kept = try #require(again.outbox.unfinished)
    #expect(try again.proveBlindness().opened == 0 && again.proveBlindness().tried == 1)
    #expect(throws: AgeError.noMatch) { _ = try AgeFile.open(kept.lock.span, with: [again.key.identity]) }
  }

  private static func text(of list: Outbox, _ kit: FieldKit) throws -> [UInt8] {
    let file = try list.sealed(for: kit.key)
    let content = try AgeFile.open(file.span, with: [kit.key.identity])
    return content.bytes.copy()
  }

  /// The list as an earlier version wrote it.
  private static func older(_ list: Outbox, _ kit: FieldKit) throws -> [UInt8] {
    let text = try text(of: list, kit)
    let body = try SealedNote(parsing: text.span, as: .outbox).body
    var older = JSONObject()
    for member in body.members ?? [] where member.key != "unfinished" { older.append(member.key, member.value) }
    let note = try SealedNote.sign(
      .outbox, .object(older), as: KeyName.kit(of: kit.vault.id), with: kit.key.signing, size: .entry)
    return try AgeFile.seal(note.encoded.span, to: [kit.key.identity.recipient])
  }

  @Test func aListFromBeforeOpens() throws {
    let (field, kit, _) = try Self.start()
    try kit.note()
    try kit.folder.write(Outbox.fileName(kit.key.name), Self.older(kit.outbox, kit), replacing: true)
    let list = try field.open().outbox
    #expect(list.drops == kit.outbox.drops && list.unfinished == nil)
  }
}

/// Counts from several threads.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var total: UInt64 = 0

  func add(_ count: UInt64) -> UInt64 {
    lock.withLock {
      total += count
      return total
    }
  }
}
