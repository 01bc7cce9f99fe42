import Sodium

/// The bytes of a share in its words: 10 bits a word between the fields and the checksum, with zero bits in front to fill
/// up the first word.
enum MnemonicValue {
  private static let frame = MnemonicFields.size + RS1024.size
  /// Bytes of the smallest secret (128 bits).
  static let smallest = 16

  /// The bytes in a share of `words` words. Refused: a length that no share has.
  static func size(inWords words: Int) throws(ShareError) -> Int {
    let bits = 10 * (words - frame)
    // The padding completes the words, so it is less than 16 bits; more than 8 would be room for another word less.
    guard bits >= 8 * smallest, bits % 16 <= 8 else { throw .length }
    return bits / 16 * 2
  }

  /// The `size` bytes in the words. Refused: padding that is not zero.
  static func read(_ values: borrowing WordValues, size: Int) throws(ShareError) -> Secret {
    var held = 0
    // Bits that came and were not taken; the padding counts as taken, and is checked when it has all come.
    var bits = 8 * size - 10 * (values.count - frame)
    var padding = 0
    var place = MnemonicFields.size
    let value = Secret(count: size) { bytes in
      for index in 0..<size {
        while bits < 8 {
          held = (held << 10 | values[place]) & 0xFFFFF
          place += 1
          bits += 10
          if place == MnemonicFields.size + 1 { padding = held >> bits }
        }
        bits -= 8
        bytes[index] = UInt8(held >> bits & 0xFF)
      }
    }
    guard padding == 0 else { throw .padding }
    return value
  }

  /// All words of a share that holds `value`; those of the fields and the checksum are still 0.
  static func write(_ value: borrowing Secret) -> WordValues {
    let count = (8 * value.count + 9) / 10
    var values = WordValues(count: count + frame)
    let bytes = value.bytes
    var held = 0
    // The padding is there from the start.
    var bits = 10 * count - 8 * value.count
    var place = MnemonicFields.size
    for index in bytes.indices {
      held = (held << 8 | Int(bytes[index])) & 0xFFFFF
      bits += 8
      if bits >= 10 {
        bits -= 10
        values[place] = held >> bits & 0x3FF
        place += 1
      }
    }
    return values
  }
}
