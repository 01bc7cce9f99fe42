extension Bech32 {
  /// The BCH checksum of BIP 173, fed five bits at a time.
  struct Checksum {
    private static let generator: [UInt32] = [
      0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
    ]
    private var state: UInt32 = 1

    /// A checksum that has seen the lower-case prefix.
    init(prefix: [UInt8]) {
      for character in prefix { add(character >> 5) }
      add(0)
      for character in prefix { add(character & 31) }
    }

    mutating func add(_ value: UInt8) {
      let top = state >> 25
      state = (state & 0x1ff_ffff) << 5 ^ UInt32(value)
      for (bit, term) in Self.generator.enumerated() where top >> UInt32(bit) & 1 == 1 { state ^= term }
    }

    /// Whether what was fed ended in its own checksum.
    var isValid: Bool { state == 1 }

    /// The checksum to write behind what was fed.
    func final(count: Int) -> [UInt8] {
      var padded = self
      for _ in 0..<count { padded.add(0) }
      let value = padded.state ^ 1
      return (0..<count).map { UInt8(value >> UInt32(5 * (count - 1 - $0)) & 31) }
    }
  }
}
