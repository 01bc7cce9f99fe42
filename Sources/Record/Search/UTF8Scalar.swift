/// One scalar of UTF-8 (Unicode 14, table 3-7): shortest forms only, no surrogates.
enum UTF8Scalar {
  /// The scalar at `index` and its length in bytes; U+FFFD and one byte where the bytes there are no UTF-8.
  static func decode(_ bytes: Span<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length: Int
    let least: UInt32
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, least, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, least, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, least, value) = (4, 0x10000, UInt32(first & 0x07))
    default: return (0xFFFD, 1)
    }
    guard bytes.count - index >= length else { return (0xFFFD, 1) }
    for place in index + 1..<index + length {
      let byte = bytes[place]
      guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return (0xFFFD, 1) }
    return (value, length)
  }

  static func encode(_ scalar: UInt32, into output: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift) & 0x3F }
    switch scalar {
    case 0..<0x80: output.append(UInt8(scalar))
    case 0x80..<0x800:
      output.append(0xC0 | UInt8(scalar >> 6))
      output.append(continuation(0))
    case 0x800..<0x10000:
      output.append(0xE0 | UInt8(scalar >> 12))
      output.append(continuation(6))
      output.append(continuation(0))
    default:
      output.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18) & 0x07)
      output.append(continuation(12))
      output.append(continuation(6))
      output.append(continuation(0))
    }
  }
}
