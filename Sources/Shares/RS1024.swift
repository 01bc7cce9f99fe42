/// The checksum of SLIP-39: a Reed-Solomon code over GF(1024), three words long.
///
/// It finds every error in up to three words, and misses a worse one once in a billion. In constant time.
enum RS1024 {
  /// Words of the checksum.
  static let size = 3

  private static let generator = [
    0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120,
  ]

  /// The checksum, 30 bits, of the words before the last three.
  static func checksum(of values: borrowing WordValues, isExtendable: Bool) -> Int {
    var state = start(isExtendable)
    for place in 0..<values.count - size { state = step(state, values[place]) }
    for _ in 0..<size { state = step(state, 0) }
    return state ^ 1
  }

  /// Whether the last three words are the checksum of those before.
  static func verify(_ values: borrowing WordValues, isExtendable: Bool) -> Bool {
    var state = start(isExtendable)
    for place in 0..<values.count { state = step(state, values[place]) }
    return state == 1
  }

  /// The state behind the customisation string.
  private static func start(_ isExtendable: Bool) -> Int {
    (isExtendable ? "shamir_extendable" : "shamir").utf8.reduce(1) { step($0, Int($1)) }
  }

  private static func step(_ state: Int, _ value: Int) -> Int {
    let top = state >> 20
    var next = (state & 0xFFFFF) << 10 ^ value
    for bit in 0..<10 { next ^= generator[bit] & (0 &- (top >> bit & 1)) }
    return next
  }
}
