import Age
import Record
import Sodium

/// What an interrupted note had sealed of its large attachments, so that the next run goes on with the part it was at
/// (PROTOCOL, drops). Nothing in it opens what was sealed: the key of its testimony exists in `lock` alone, for counsel.
public struct UnfinishedNote: Sendable, Equatable {
  /// What was sealed of one attachment.
  struct Begun: Sendable, Equatable {
    /// Objects in the outbox. All but the last of a whole one hold content and no padding.
    var parts: [SHA256Hash]
    /// Of the content in `parts`, in bytes.
    var length: UInt64
    /// Of the first `length` bytes.
    var content: SHA256Hash
    /// Whether the attachment ends there.
    var isWhole: Bool
  }

  /// Of the testimony's layer.
  let recipient: String
  /// The layer's key, sealed to `counsel`.
  let lock: [UInt8]
  let counsel: SHA256Hash
  let salts: LayerSalts
  var attachments: [Begun] = []

  var objects: [SHA256Hash] { attachments.flatMap(\.parts) }

  /// Of content that need not be sealed again, in bytes.
  public var length: UInt64 { attachments.reduce(0) { $0 + $1.length } }
}

/// The salts under which a testimony and its attachments are committed to, for as many attachments as there may be.
struct LayerSalts: Sendable, Equatable {
  let testimony: [UInt8]
  let attachments: [[UInt8]]
  let none: [[UInt8]]

  init(of key: NativeIdentity, attachments count: Int) {
    let size = AttachmentTree.size(for: count)
    func salt(_ kind: CommittedKind, _ index: Int) -> [UInt8] {
      key.withSecretBytes { Commitment.salt(layerSecret: $0, kind: kind, index: index).bytes.copy() }
    }
    testimony = salt(.testimony, 0)
    attachments = (0..<size).map { salt(.attachment, $0) }
    none = (0..<size).map { salt(.none, $0) }
  }

  func salt(_ kind: CommittedKind, _ index: Int) throws(VaultError) -> Secret {
    let known = kind == .testimony ? [testimony] : kind == .attachment ? attachments : kind == .none ? none : []
    guard known.indices.contains(index) else { throw .unreadable }
    let bytes = known[index]
    return Secret(copying: bytes.span)
  }
}

// In the outbox.
extension UnfinishedNote {
  var json: JSON {
    [
      "recipient": .string(recipient),
      "lock": .string(String(decoding: Base64.encode(lock.span, padded: true), as: UTF8.self)),
      "counsel": .hash(counsel),
      "testimony": .string(Hex.encode(salts.testimony)),
      "salts": .array(salts.attachments.map { .string(Hex.encode($0)) }),
      "none": .array(salts.none.map { .string(Hex.encode($0)) }),
      "attachments": .array(
        attachments.map { one in
          [
            "parts": .hashes(one.parts), "length": .integer(Int64(one.length)), "content": .hash(one.content),
            "whole": .bool(one.isWhole),
          ]
        }),
    ]
  }

  init(_ fields: Fields) throws(RecordError) {
    recipient = try fields.text("recipient")
    let lockText = Array(try fields.text("lock").utf8)
    guard let lock = Base64.decode(lockText.span, padded: true) else { throw .field("lock") }
    self.lock = lock
    counsel = try fields.hash("counsel")
    salts = try LayerSalts(fields)
    for value in try fields.list("attachments") {
      let one = try Fields(value, "attachments")
      attachments.append(
        Begun(
          parts: try one.hashes("parts"), length: UInt64(try one.integer("length")), content: try one.hash("content"),
          isWhole: try one.bool("whole")))
    }
  }
}

extension LayerSalts {
  fileprivate init(_ fields: Fields) throws(RecordError) {
    testimony = try fields.bytes("testimony", count: SHA256Hash.size)
    attachments = try fields.hashes("salts").map(\.bytes)
    none = try fields.hashes("none").map(\.bytes)
  }
}
