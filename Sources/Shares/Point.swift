import Sodium

/// A point on polynomials over GF(256), one polynomial for each byte of the value. The place is not secret.
struct Point {
  let x: UInt8
  let value: SecretBox

  init(x: UInt8, value: SecretBox) {
    self.x = x
    self.value = value
  }

  init(x: UInt8, value: consuming Secret) { self.init(x: x, value: SecretBox(value)) }

  /// The values at `x` of the polynomials of least degree through `points` (Lagrange). The points differ in their place
  /// and agree in their size.
  static func interpolate(_ points: [Point], at x: UInt8) -> SecretBox {
    if let same = points.first(where: { $0.x == x }) { return same.value }
    var sum = Secret(count: points[0].value.secret.count)
    for point in points {
      let weight = weight(of: point.x, among: points, at: x)
      sum.withMutableBytes { add(weight, times: point.value.secret, to: &$0) }
    }
    return SecretBox(sum)
  }

  /// The product of (x − j) / (i − j) over every other place j: made of places alone, so nothing secret.
  private static func weight(of place: UInt8, among points: [Point], at x: UInt8) -> UInt8 {
    points.reduce(1) { weight, other in
      guard other.x != place else { return weight }
      return GF256.product(weight, GF256.product(x ^ other.x, GF256.inverse(of: place ^ other.x)))
    }
  }

  private static func add(_ weight: UInt8, times value: borrowing Secret, to sum: inout MutableSpan<UInt8>) {
    let bytes = value.bytes
    for index in bytes.indices { sum[index] ^= GF256.product(weight, bytes[index]) }
  }
}
