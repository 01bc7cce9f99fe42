/// The field of 256 elements of SLIP-39: polynomials over GF(2) modulo x⁸ + x⁴ + x³ + x + 1 (Rijndael's).
///
/// In constant time: no table and no branch depends on an element. Addition and subtraction are `^`.
enum GF256 {
  /// The product, bit by bit: one more doubling of `left` for each bit of `right`.
  static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
    var (doubled, bits, product): (UInt8, UInt8, UInt8) = (left, right, 0)
    for _ in 0..<8 {
      product ^= doubled & mask(bits & 1)
      doubled = doubled << 1 ^ 0x1B & mask(doubled >> 7)
      bits >>= 1
    }
    return product
  }

  /// The inverse, as the power 254; 0 for 0.
  static func inverse(of element: UInt8) -> UInt8 {
    var power = element
    var inverse: UInt8 = 1
    for _ in 0..<7 {
      // 254 = 2 + 4 + … + 128.
      power = product(power, power)
      inverse = product(inverse, power)
    }
    return inverse
  }

  /// All ones for 1, all zeros for 0.
  private static func mask(_ bit: UInt8) -> UInt8 { 0 &- bit }
}
