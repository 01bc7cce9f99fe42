import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Originals go only when what was sealed of them was read back.
struct BlindnessTests {
  let field: FieldOffice
  let kit: FieldKit
  let draft: NoteDraft

  init() throws {
    field = try FieldOffice()
    kit = try field.kit()
    var draft = try FieldOffice.draft(attaching: [
      field.sample.file("photo.jpg", Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })),
      field.sample.file("empty", Data()),
    ])
    draft.identityAttachments = [try AttachmentSource(field.sample.file("passport.png", Data("a passport".utf8)))]
    self.draft = draft
  }

  private var originals: [String] {
    ["photo.jpg", "empty", "passport.png"].filter { FileManager.default.fileExists(atPath: field.url($0).path) }
  }

  @Test func theyGoWhenTheSealedCopiesAreTheSame() throws {
    let sealed = try kit.seal(draft)
    #expect(try kit.removeOriginals(of: sealed, draft).removed.count == 3 && originals == [])
  }

  @Test func allStayWhereASealedCopyDiffers() throws {
    let sealed = try kit.seal(draft)
    let part = try #require(sealed.attachments[0].parts.first)
    var bytes = try Data(contentsOf: field.url(field.outbox(part)))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: field.url(field.outbox(part)))
    #expect(throws: VaultError.self) { _ = try kit.removeOriginals(of: sealed, draft) }
    #expect(originals.count == 3)
  }

  @Test func allStayWhereASealedCopyIsGone() throws {
    let sealed = try kit.seal(draft)
    try field.remove(field.outbox(try #require(sealed.identityAttachments[0].parts.first)))
    #expect(throws: VaultError.self) { _ = try kit.removeOriginals(of: sealed, draft) }
    #expect(originals.count == 3)
  }

  @Test func allStayWhereAnOriginalWasChangedSince() throws {
    let sealed = try kit.seal(draft)
    _ = try field.sample.file("passport.png", Data("another".utf8))
    let place = field.url("passport.png").path
    #expect(kitFault { _ = try kit.removeOriginals(of: sealed, draft) } == .notAsSealed(place))
    #expect(originals.count == 3)
  }
}
