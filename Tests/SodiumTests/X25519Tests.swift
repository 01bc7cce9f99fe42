import Sodium
import Testing

/// RFC 7748, sections 5.2 and 6.1.
@Suite struct X25519Tests {
  struct Vector: Sendable { let scalar, point, result: String }

  static let vectors = [
    Vector(
      scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      point: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      result: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"),
    Vector(
      scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      point: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      result: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"),
    Vector(  // 6.1: Bob's private key, Alice's public key
      scalar: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
      point: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
      result: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"),
  ]

  @Test func count() { #expect(Self.vectors.count == 3) }

  @Test(arguments: vectors) func vector(_ vector: Vector) throws {
    let point = try #require(Hex.decode(vector.point.utf8))
    let scalar = try secret(vector.scalar)
    guard let shared = X25519.sharedSecret(scalar: scalar, point: point.span) else {
      Issue.record("refused")
      return
    }
    #expect(Hex.encode(shared.bytes.copy()) == vector.result)
  }

  @Test func publicKey() throws {
    let bob = try secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    #expect(
      Hex.encode(X25519.publicKey(bob)) == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
  }

  @Test func thousandTimes() throws {
    var scalar = try secret("09" + String(repeating: "0", count: 62))
    var point = scalar.bytes.copy()
    for _ in 0..<1000 {
      guard let shared = X25519.sharedSecret(scalar: scalar, point: point.span) else {
        Issue.record("refused")
        return
      }
      point = scalar.bytes.copy()
      scalar = shared
    }
    #expect(
      Hex.encode(scalar.bytes.copy()) == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51")
  }

  /// The identity, the point of order 2's neighbour, and the two of order 8.
  static let lowOrder = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ]

  @Test(arguments: lowOrder) func lowOrderIsRefused(_ text: String) throws {
    let point = try #require(Hex.decode(text.utf8))
    let isRefused = X25519.sharedSecret(scalar: .random(count: 32), point: point.span) == nil
    #expect(isRefused)
  }
}
