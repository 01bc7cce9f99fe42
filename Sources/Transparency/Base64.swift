/// Standard Base 64 (RFC 4648, section 4), padded, in one spelling per value.
///
/// Refuses missing or surplus padding, line breaks, the URL alphabet, and set bits behind the last byte, so that
/// decoding and encoding are inverse.
public enum Base64 {
  /// The characters for `bytes`, four for each three bytes begun.
  public static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let taken = min(3, bytes.count - index)
      var group: UInt32 = 0
      for place in 0..<3 {
        group = group << 8 | (place < taken ? UInt32(bytes[index + place]) : 0)
      }
      for place in 0..<4 {
        let value = Int(group >> (18 - 6 * UInt32(place)) & 63)
        output.append(place <= taken ? alphabet[value] : padding)
      }
      index += taken
    }
    return output
  }

  /// The bytes, or nil where `text` is not the one encoding of anything.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3)
    var index = 0
    while index < text.count {
      let isLast = index + 4 == text.count
      var padded = 0
      if isLast, text[index + 3] == padding { padded = text[index + 2] == padding ? 2 : 1 }
      var group: UInt32 = 0
      for place in 0..<4 {
        if place >= 4 - padded {
          group <<= 6
        } else {
          guard let value = value(of: text[index + place]) else { return nil }
          group = group << 6 | value
        }
      }
      guard group & (padded == 2 ? 0xFFFF : padded == 1 ? 0xFF : 0) == 0 else { return nil }
      output.append(UInt8(group >> 16 & 0xFF))
      if padded < 2 { output.append(UInt8(group >> 8 & 0xFF)) }
      if padded < 1 { output.append(UInt8(group & 0xFF)) }
      index += 4
    }
    return output
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

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
