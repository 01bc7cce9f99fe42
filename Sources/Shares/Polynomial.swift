import Sodium

/// A secret as points of which a threshold gives it back (SLIP-39, "Sharing a secret"): the secret stands at x = 255,
/// its digest at 254, the shares from 0 on.
enum Polynomial {
  private static let secretPlace: UInt8 = 255
  private static let digestPlace: UInt8 = 254
  private static let digestSize = 4

  /// `count` points at 0, 1, … of which any `threshold` give the secret back, and fewer nothing. A threshold of 1 gives
  /// the secret itself to each.
  static func split(_ secret: SecretBox, threshold: Int, of count: Int) -> [Point] {
    let places = (0..<count).map { UInt8($0) }
    guard threshold > 1 else { return places.map { Point(x: $0, value: secret) } }
    let size = secret.secret.count
    let drawn = places.prefix(threshold - 2).map { Point(x: $0, value: Secret.random(count: size)) }
    let known =
      drawn + [
        Point(x: digestPlace, value: newDigestShare(of: secret.secret)), Point(x: secretPlace, value: secret),
      ]
    return places.map { Point(x: $0, value: Point.interpolate(known, at: $0)) }
  }

  /// The secret behind as many points as its threshold. Refused: points that do not fit together.
  static func recover(from points: [Point]) throws(ShareError) -> SecretBox {
    guard points.count > 1 else { return points[0].value }
    let secret = Point.interpolate(points, at: secretPlace)
    let digest = Point.interpolate(points, at: digestPlace)
    guard isDigestShare(digest.secret, of: secret.secret) else { throw .digest }
    return secret
  }

  /// The first four bytes of HMAC(R, secret), then R, which is random and fills up the size of the secret.
  private static func newDigestShare(of secret: borrowing Secret) -> Secret {
    let random = Secret.random(count: secret.count - digestSize)
    let digest = HMACSHA256.code(key: random, message: secret)
    return Secret(count: secret.count) { share in
      share.copy(digest.bytes.extracting(first: digestSize))
      share.copy(random.bytes, at: digestSize)
    }
  }

  private static func isDigestShare(_ share: borrowing Secret, of secret: borrowing Secret) -> Bool {
    let random = Secret(copying: share.bytes.extracting(droppingFirst: digestSize))
    let digest = HMACSHA256.code(key: random, message: secret)
    return ConstantTime.equal(
      share.bytes.extracting(first: digestSize), digest.bytes.extracting(first: digestSize))
  }
}
