import Sodium

/// The values of a share's words, 10 bits each, in guarded memory.
struct WordValues: ~Copyable {
  let count: Int
  private var bytes: Secret

  /// `count` words of the value 0.
  init(count: Int) {
    self.count = count
    bytes = Secret(count: 2 * count)
  }

  subscript(place: Int) -> Int {
    get {
      let bytes = bytes.bytes
      return Int(bytes[2 * place]) << 8 | Int(bytes[2 * place + 1])
    }
    set {
      bytes.withMutableBytes { bytes in
        bytes[2 * place] = UInt8(newValue >> 8)
        bytes[2 * place + 1] = UInt8(newValue & 0xFF)
      }
    }
  }

  /// The number in the words of `range`, the highest first; at most six words.
  func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 << 10 | self[$1] } }

  /// Writes `number` into the words of `range`, the highest first; at most six words.
  mutating func set(_ range: Range<Int>, to number: Int) {
    for place in range { self[place] = number >> (10 * (range.upperBound - 1 - place)) & 0x3FF }
  }
}
