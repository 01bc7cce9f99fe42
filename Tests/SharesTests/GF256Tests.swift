import Testing

@testable import Shares

@Suite struct GF256Tests {
  /// The other way: powers of x + 1, which generates the field, and their logarithms (the tables of the reference code).
  private static let powers: [UInt8] = (0..<255).reduce(into: []) { powers, _ in
    guard let last = powers.last else { return powers.append(1) }
    let doubled = Int(last) << 1 ^ Int(last)
    powers.append(UInt8(doubled & 0x100 == 0 ? doubled : doubled ^ 0x11B))
  }

  @Test func theProductOfAllPairsIsThatOfTheTables() {
    var logarithms = [Int](repeating: 0, count: 256)
    for (exponent, power) in Self.powers.enumerated() { logarithms[Int(power)] = exponent }
    var differences = 0
    for left in 0...255 {
      for right in 0...255 {
        let product = GF256.product(UInt8(left), UInt8(right))
        let expected = left == 0 || right == 0 ? 0 : Self.powers[(logarithms[left] + logarithms[right]) % 255]
        if product != expected { differences += 1 }
      }
    }
    #expect(differences == 0)
  }

  @Test func everyElementButZeroHasItsInverse() {
    #expect((1...255).allSatisfy { GF256.product($0, GF256.inverse(of: $0)) == 1 })
    #expect(GF256.inverse(of: 0) == 0)
  }
}
