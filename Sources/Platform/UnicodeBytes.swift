/// Strict UTF-8 (Unicode 16, table 3-7) over bytes, one scalar at a time: shortest forms only, no surrogates.
enum UnicodeBytes {
  /// The scalar that begins at `index` and its length in bytes, or nil where the bytes are not UTF-8.
  static func scalar(in bytes: [UInt8], at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length: Int
    let least: UInt32
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, least, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, least, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, least, value) = (4, 0x10000, UInt32(first & 0x07))
    default: return nil
    }
    guard bytes.count - index >= length else { return nil }
    for byte in bytes[(index + 1)..<(index + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }

  /// What each part of `bytes` is, in order: a scalar, or one byte that belongs to none.
  static func forEach(_ bytes: [UInt8], scalar: (Unicode.Scalar) -> Void, invalid: (UInt8) -> Void) {
    var index = 0
    while index < bytes.count {
      if let found = self.scalar(in: bytes, at: index) {
        scalar(found.scalar)
        index += found.length
      } else {
        invalid(bytes[index])
        index += 1
      }
    }
  }
}
