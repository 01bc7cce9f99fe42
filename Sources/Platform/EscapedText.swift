/// Text in which a byte that is not UTF-8 has a place: byte `b` (0x80 to 0xFF) is written as the scalar
/// U+10FF00 + b.
///
/// Those 128 scalars are private use, the last of Unicode. Where they stand in the bytes themselves, their
/// own bytes are written that way, so that the two directions are inverse on every sequence of bytes.
enum EscapedText {
  private static let base: UInt32 = 0x10FF00
  private static let range: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

  static func text(_ bytes: [UInt8]) -> String {
    var scalars = String.UnicodeScalarView()
    func escape(_ byte: UInt8) {
      guard let scalar = Unicode.Scalar(base + UInt32(byte)) else { return }
      scalars.append(scalar)
    }
    UnicodeBytes.forEach(bytes) { scalar in
      if range.contains(scalar.value) {
        scalar.utf8Bytes.forEach(escape)
      } else {
        scalars.append(scalar)
      }
    } invalid: {
      escape($0)
    }
    return String(scalars)
  }

  static func bytes(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if range.contains(scalar.value) {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: scalar.utf8Bytes)
      }
    }
    return bytes
  }
}

extension Unicode.Scalar {
  fileprivate var utf8Bytes: [UInt8] { Array(String(Character(self)).utf8) }
}
