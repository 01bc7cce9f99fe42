/// Base64 (RFC 4648, section 4) in its one canonical spelling: unpadded in the headers of age files, padded elsewhere.
public enum Base64 {
  private static let alphabet = [UInt8](
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  public static func encode(_ bytes: Span<UInt8>, padded: Bool) -> [UInt8] {
    var text = [UInt8]()
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = min(3, bytes.count - index)
      var group = UInt32(bytes[index]) << 16
      if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
      if left > 2 { group |= UInt32(bytes[index + 2]) }
      for place in 0...left { text.append(alphabet[Int(group >> UInt32(18 - 6 * place) & 63)]) }
      if padded { for _ in left..<3 { text.append(UInt8(ascii: "=")) } }
      index += 3
    }
    return text
  }

  /// The bytes, or nil: a foreign character, a length no bytes encode to, wrong padding, or spare bits not zero.
  public static func decode(_ text: Span<UInt8>, padded: Bool) -> [UInt8]? {
    var count = text.count
    if padded {
      guard count.isMultiple(of: 4) else { return nil }
      for _ in 0..<2 where count > 0 && text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    }
    guard count % 4 != 1 else { return nil }
    var bytes = [UInt8]()
    bytes.reserveCapacity(count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    for index in 0..<count {
      guard let value = value(of: text[index]) else { return nil }
      bits = bits << 6 | value
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> held))
        bits &= (1 << held) - 1
      }
    }
    return bits == 0 ? bytes : nil
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
