import Sodium

/// The check code of one card of a key's paper backup: `K-7K3F-9QDM`.
///
/// SHA-256 over the recipient's text, the set's SLIP-39 identifier and the card's number (both decimal), each followed by
/// a newline; shown like an id, 35 bits and a check letter. It tells which card somebody holds, and no word of it: it may
/// be said on the telephone.
public struct BackupCode: Hashable, Sendable, CustomStringConvertible {
  /// The seven data letters, each a value of 5 bits.
  private let letters: [UInt8]

  /// - Parameters:
  ///   - recipient: the age recipient that the key belongs to, lower-case Bech32.
  ///   - set: SLIP-39's identifier, which all cards of one backup share.
  ///   - number: the card's, from 1.
  public init(recipient: String, set: Int, number: Int) {
    let hash = SHA256Hash(of: Array("\(recipient)\n\(set)\n\(number)\n".utf8))
    letters = CheckedLetters.data(of: hash.bytes, count: Self.count)
  }

  /// As somebody typed it: in either case, with or without its dashes and spaces. O is read as 0, I and L as 1.
  public init(parsing text: String) throws(ShownIDError) { try self.init(parsing: Array(text.utf8).span) }

  /// The same from bytes in guarded memory. Whoever types a word of the card here by mistake has not put it anywhere else:
  /// nothing is copied before it is sure to be as long as a code, and to begin as one.
  public init(parsing typed: Span<UInt8>) throws(ShownIDError) {
    var places: [Int] = []
    for index in typed.indices where !Self.isSpace(typed[index]) { places.append(index) }
    guard places.count == Self.count + 2, CheckedLetters.value(of: typed[places[0]]) == Self.letter else {
      throw .malformed
    }
    var values: [UInt8] = []
    for place in places.dropFirst() {
      guard let value = CheckedLetters.value(of: typed[place]) else { throw .malformed }
      values.append(value)
    }
    letters = try CheckedLetters.decode(values, prefix: Self.letter)
  }

  private static func isSpace(_ letter: UInt8) -> Bool {
    letter == UInt8(ascii: "-") || letter == UInt8(ascii: " ") || letter == UInt8(ascii: "\t")
  }

  public var description: String { "K-" + CheckedLetters.encode(letters, prefix: Self.letter) }

  /// The value of K, which the check letter covers.
  private static let letter: UInt8 = 19
  private static let count = 7
}
