import Record
import Testing

@Suite struct SizeClassTests {
  @Test(
    arguments: [
      (SizeClass.entry, 0, 16384), (.entry, 16384, 16384), (.entry, 16385, 32768), (.lockFile, 1, 32768),
      (.lockFile, 32769, 65536), (.text, 65536, 65536), (.text, 65537, 131072), (.text, 1_000_000, 1_048_576),
    ] as [(SizeClass, Int, Int)])
  func knownSizes(size: SizeClass, count: Int, padded: Int) {
    #expect(size.padded(count) == padded)
  }

  @Test func paddingFitsOnceAndLessThanDoubles() {
    var generator = SeededGenerator(seed: 3)
    for size in SizeClass.allCases {
      for _ in 0..<1000 {
        let count = Int.random(in: 0...1 << Int.random(in: 0...40, using: &generator), using: &generator)
        let padded = size.padded(count)
        #expect(padded >= count && padded >= size.rawValue)
        #expect(padded == size.rawValue || padded < 2 * count)
        #expect(size.padded(padded) == padded)
        #expect(padded % size.rawValue == 0)
      }
    }
  }
}

@Suite struct PadmeTests {
  /// By hand from the paper: E = ⌊log₂ L⌋, S = ⌊log₂ E⌋ + 1, the last E − S bits are zero.
  @Test(
    arguments: [
      (0, 0), (1, 1), (2, 2), (7, 7), (8, 8), (9, 10), (10, 10), (15, 16), (16, 16), (17, 18), (100, 104),
      (1000, 1024),
      (65536, 65536), (65537, 67584), (1_000_000, 1_015_808), (1 << 30, 1 << 30),
      ((1 << 30) + 1, (1 << 30) + (1 << 25)),
      (413_000_000, 419430400), ((1 << 41) + 1, (1 << 41) + (1 << 35)),
    ] as [(UInt64, UInt64)])
  func knownSizes(count: UInt64, padded: UInt64) {
    #expect(Padme.padded(count, minimum: 0) == padded)
  }

  @Test func smallOnesBecomeTheMinimum() {
    #expect(Padme.padded(0) == 65536)
    #expect(Padme.padded(65536) == 65536)
    #expect(Padme.padded(65537) == 67584)
    #expect(Padme.padded(1, minimum: 9) == 10)
  }

  @Test func isMonotoneIdempotentAndAtMostTwelvePercent() {
    var generator = SeededGenerator(seed: 4)
    var previous: UInt64 = 0
    for count in 0..<20_000 as Range<UInt64> {
      let padded = Padme.padded(count, minimum: 0)
      #expect(padded >= count && padded >= previous)
      previous = padded
    }
    for _ in 0..<20_000 {
      let bits = UInt64.random(in: 1...62, using: &generator)
      let count = UInt64.random(in: 1...1 << bits, using: &generator)
      let padded = Padme.padded(count, minimum: 0)
      #expect(padded >= count)
      #expect(Double(padded - count) <= 0.12 * Double(count))
      #expect(Padme.padded(padded, minimum: 0) == padded)
      #expect(Padme.padded(count + 1, minimum: 0) >= padded)
    }
    #expect(Padme.padded(UInt64(Int64.max)) == 1 << 63)
  }
}
