public import Sodium

/// Why what somebody typed is no id.
public enum ShownIDError: Error, Equatable, Sendable {
  /// Neither letters in groups with their check letters, nor 64 hex digits.
  case malformed
  /// The letters are an id's, and one is wrong or two have changed places.
  case wrongCheckLetter
}

/// An id as somebody typed it: enough bits to find the thing, or all of them.
///
/// `R-7K3F-9QDM`, in either case, with or without its dashes; O is read as 0, I and L as 1. Or all 64 hex digits, with or
/// without the kind's letter and a dash.
public struct ShownID: Hashable, Sendable {
  /// The kind that was typed. Nil for a vault's letters, and for 64 hex digits without a letter before them.
  public let kind: ThingKind?
  private let bits: Bits

  private enum Bits: Hashable {
    case letters([UInt8])
    case whole(SHA256Hash)
  }

  /// All of the hash, where that was typed.
  public var hash: SHA256Hash? {
    if case .whole(let hash) = bits { hash } else { nil }
  }

  /// Whether this can be the thing's. More than one can match: then more letters are asked for.
  public func matches(_ id: ThingID) -> Bool {
    switch bits {
    case .letters(let data): kind == id.kind && CheckedLetters.begins(id.hash.bytes, with: data)
    case .whole(let hash): (kind == nil || kind == id.kind) && hash == id.hash
    }
  }

  /// Whether this can be the vault's.
  public func matches(_ vault: VaultID) -> Bool {
    switch bits {
    case .letters(let data): kind == nil && CheckedLetters.begins(vault.hash.bytes, with: data)
    case .whole(let hash): kind == nil && hash == vault.hash
    }
  }

  public static func parse(_ text: String) throws(ShownIDError) -> ShownID {
    let typed = Array(text.utf8)
    if let whole = wholeHash(typed) { return whole }
    // Groups are four letters, so one letter more is the kind's. Dashes may stand between, not within.
    let letters = typed.filter { $0 != dash }
    let kind = letters.count % 4 == 1 ? try kind(of: letters[0]) : nil
    let rest = Array(letters.dropFirst(kind == nil ? 0 : 1))
    guard hasDashesInPlace(typed, afterKind: kind != nil) else { throw .malformed }
    var values: [UInt8] = []
    for letter in rest {
      guard let value = CheckedLetters.value(of: letter) else { throw .malformed }
      values.append(value)
    }
    let data = try CheckedLetters.decode(values, prefix: kind?.letterValue ?? 0)
    return ShownID(kind: kind, bits: .letters(data))
  }

  private static let dash = UInt8(ascii: "-")

  private static func wholeHash(_ typed: [UInt8]) -> ShownID? {
    let hasKind = typed.count == 66 && typed[1] == dash
    guard typed.count == 64 || hasKind else { return nil }
    let digits = String(decoding: typed.suffix(64), as: UTF8.self).lowercased()
    guard let hash = SHA256Hash(hex: digits) else { return nil }
    if !hasKind { return ShownID(kind: nil, bits: .whole(hash)) }
    guard let kind = try? kind(of: typed[0]) else { return nil }
    return ShownID(kind: kind, bits: .whole(hash))
  }

  private static func kind(of letter: UInt8) throws(ShownIDError) -> ThingKind {
    guard let value = CheckedLetters.value(of: letter),
      let kind = ThingKind.allCases.first(where: { $0.letterValue == value })
    else { throw .malformed }
    return kind
  }

  private static func hasDashesInPlace(_ typed: [UInt8], afterKind: Bool) -> Bool {
    var letters = afterKind ? -1 : 0
    var previous = dash
    for byte in typed {
      if byte == dash {
        if letters % 4 != 0 || previous == dash { return false }
      } else {
        letters += 1
      }
      previous = byte
    }
    return previous != dash
  }
}

extension ThingKind {
  /// The Crockford value of the letter, which the check letters cover.
  var letterValue: UInt8 {
    switch self {
    case .case: 12
    case .record: 24
    case .request: 23
    }
  }
}
