public import Sodium

/// Six characters that say which drop is meant, read together with the kit and the number: the first 25 bits of the head's
/// note hash in Crockford base 32, and a check letter that catches every wrong letter and every swap of neighbours.
public struct ReceiptCode: Hashable, Sendable, CustomStringConvertible {
  private static let letters = 5
  private let data: [UInt8]

  public init(of head: SHA256Hash) { data = CheckedLetters.data(of: head.bytes, count: Self.letters) }

  /// Reads what somebody typed: case does not count, and dashes may stand anywhere.
  public init(parsing text: String) throws(ShownIDError) {
    var values: [UInt8] = []
    for byte in text.utf8 where byte != UInt8(ascii: "-") {
      guard let value = CheckedLetters.value(of: byte) else { throw .malformed }
      values.append(value)
    }
    guard values.count == Self.letters + 1, let check = values.popLast() else { throw .malformed }
    guard CheckedLetters.checkLetter(of: values) == check else { throw .wrongCheckLetter }
    data = values
  }

  public func matches(_ head: SHA256Hash) -> Bool { CheckedLetters.begins(head.bytes, with: data) }

  public var description: String { CheckedLetters.text(data + [CheckedLetters.checkLetter(of: data)]) }
}
