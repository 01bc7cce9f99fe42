public import Sodium
import Transparency

/// What a commitment is about (PROTOCOL, commitments).
public enum CommittedKind: String, Sendable {
  case summary, testimony, identity
  case attachment
  case identityAttachment = "identity-attachment"
  case none

  public init(_ layer: Layer) {
    switch layer {
    case .summary: self = .summary
    case .testimony: self = .testimony
    case .identity: self = .identity
    }
  }
}

/// A commitment to one thing: HMAC-SHA-256 under a salt of its own, over kind, record, version, index, true length and
/// SHA-256 of the content, each as text with a newline behind it. With the salt, one thing can be shown without the key.
public enum Commitment {
  /// HKDF-SHA-256 (RFC 5869) with an empty salt over the 32 secret bytes of the layer's identity, info `kind index`.
  public static func salt(layerSecret: borrowing Secret, kind: CommittedKind, index: Int) -> Secret {
    HKDFSHA256.derive(secret: layerSecret, salt: [], info: Array("\(kind.rawValue) \(index)".utf8), count: 32)
  }

  public static func to(
    kind: CommittedKind, record: SHA256Hash, version: Int, index: Int, length: UInt64, content: SHA256Hash,
    salt: borrowing Secret
  ) -> SHA256Hash {
    let text = "\(kind.rawValue)\n\(record)\n\(version)\n\(index)\n\(length)\n\(content)\n"
    let message = Array(text.utf8)
    guard let hash = SHA256Hash(bytes: HMACSHA256.code(key: salt.bytes, message: message.span)) else {
      preconditionFailure("a code has 32 bytes")
    }
    return hash
  }
}

/// The five commitments of a manifest, in their order: summary, testimony, identity, and the RFC 6962 roots over
/// testimony's and over identity's attachments; `root` is the RFC 6962 root over the five.
public struct Commitments: Equatable, Sendable {
  public let five: [SHA256Hash]
  public let root: SHA256Hash

  public init(five: [SHA256Hash]) throws(RecordError) {
    guard five.count == 5 else { throw .field("commitments") }
    self.five = five
    self.root = MerkleTree.root(of: five.map(\.bytes))
  }

  public subscript(_ layer: Layer) -> SHA256Hash {
    switch layer {
    case .summary: five[0]
    case .testimony: five[1]
    case .identity: five[2]
    }
  }

  public var attachments: SHA256Hash { five[3] }
  public var identityAttachments: SHA256Hash { five[4] }
}

/// One attachment as its commitment sees it.
public struct CommittedContent: Sendable {
  public let length: UInt64
  public let content: SHA256Hash

  public init(length: UInt64, content: SHA256Hash) {
    self.length = length
    self.content = content
  }
}

/// The tree over one layer's attachments, filled to a power of two of at least 16 with commitments of kind `none`, so that
/// it does not tell how many there are. Whoever holds the layer key recomputes it.
public enum AttachmentTree {
  static let smallest = 16

  /// How many leaves the tree over so many attachments has.
  public static func size(for count: Int) -> Int {
    var size = smallest
    while size < count { size *= 2 }
    return size
  }

  public static func root(
    _ attachments: [CommittedContent], kind: CommittedKind, record: SHA256Hash, version: Int,
    layerSecret: borrowing Secret
  ) -> SHA256Hash {
    root(attachments, kind: kind, record: record, version: version) { kind, index in
      Commitment.salt(layerSecret: layerSecret, kind: kind, index: index)
    }
  }

  /// The same, from the salts alone: of `kind` for each attachment, of `none` for each place behind them.
  public static func root<E>(
    _ attachments: [CommittedContent], kind: CommittedKind, record: SHA256Hash, version: Int,
    salt: (CommittedKind, Int) throws(E) -> Secret
  ) throws(E) -> SHA256Hash {
    let nothing = CommittedContent(length: 0, content: SHA256Hash(of: []))
    let size = size(for: attachments.count)
    var leaves: [[UInt8]] = []
    leaves.reserveCapacity(size)
    for index in 0..<size {
      let one = index < attachments.count ? attachments[index] : nothing
      let kind = index < attachments.count ? kind : .none
      leaves.append(
        Commitment.to(
          kind: kind, record: record, version: version, index: index, length: one.length, content: one.content,
          salt: try salt(kind, index)
        ).bytes)
    }
    return MerkleTree.root(of: leaves)
  }
}
