public import Sodium

/// What a thing with an id is.
public enum ThingKind: String, Sendable, CaseIterable, Comparable {
  case `case`, record, request

  /// The letter before the shown form.
  public var letter: String {
    switch self {
    case .case: "C"
    case .record: "R"
    case .request: "Q"
    }
  }

  public static func < (left: Self, right: Self) -> Bool { left.letter < right.letter }
}

/// The 16 random bytes of an origin, which make an id that nobody else can have.
public struct ThingNonce: Hashable, Sendable {
  public let bytes: [UInt8]

  /// Nil unless 16 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Nil unless 32 lower-case hex digits.
  public init?(hex: String) {
    guard let bytes = Hex.decode(Array(hex.utf8)) else { return nil }
    self.init(bytes: bytes)
  }

  private init(random: Void) {
    bytes = Random.bytes(16)
  }

  public static func random() -> ThingNonce { ThingNonce(random: ()) }

  /// 32 lower-case hex digits.
  public var hex: String { Hex.encode(bytes) }
}

/// The id of a case, a record or a request.
///
/// SHA-256 over kind, vault id, author's key hash (both 64 hex digits) and nonce (32), each followed by a newline. The
/// last three are the `origin` in the first signed note about the thing, from which every reader computes the id anew.
public struct ThingID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let kind: ThingKind
  public let hash: SHA256Hash

  public init(kind: ThingKind, hash: SHA256Hash) {
    self.kind = kind
    self.hash = hash
  }

  public init(kind: ThingKind, vault: SHA256Hash, author: SHA256Hash, nonce: ThingNonce) {
    let text = "\(kind.rawValue)\n\(vault)\n\(author)\n\(nonce.hex)\n"
    self.init(kind: kind, hash: SHA256Hash(of: Array(text.utf8)))
  }

  /// `R-7K3F-9QDM`: the kind's letter, 35 bits and a check letter. Each further group (at most 4) shows 15 bits more, for
  /// where two things share the short form.
  public func shown(extraGroups: Int = 0) -> String {
    "\(kind.letter)-"
      + CheckedLetters.encode(hash.bytes, prefix: kind.letterValue, extraGroups: extraGroups)
  }

  /// The short shown form.
  public var description: String { shown() }

  /// By kind, then hash.
  public static func < (left: Self, right: Self) -> Bool {
    left.kind == right.kind ? left.hash < right.hash : left.kind < right.kind
  }
}

/// The id of a vault: a hash, shown as `5KQ2-…` without a letter before it.
public struct VaultID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let hash: SHA256Hash

  public init(hash: SHA256Hash) {
    self.hash = hash
  }

  /// 35 bits and a check letter in two groups, and 15 bits for each further group (at most 4).
  public func shown(extraGroups: Int = 0) -> String {
    CheckedLetters.encode(hash.bytes, prefix: 0, extraGroups: extraGroups)
  }

  /// The short shown form.
  public var description: String { shown() }

  public static func < (left: Self, right: Self) -> Bool { left.hash < right.hash }
}
