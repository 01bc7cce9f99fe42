import Sodium
import Testing

/// RFC 7914, section 12: all four vectors (the last takes 1 GiB and some seconds).
@Suite struct ScryptTests {
  struct Vector: Sendable {
    let passphrase, salt: String
    let logN, r, p: Int
    let key: String
  }

  static let vectors = [
    Vector(
      passphrase: "", salt: "", logN: 4, r: 1, p: 1,
      key: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17"
        + "e8d3e0fb2e0d3628cf35e20c38d18906"),
    Vector(
      passphrase: "password", salt: "NaCl", logN: 10, r: 8, p: 16,
      key: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830da"
        + "c727afb94a83ee6d8360cbdfa2cc0640"),
    Vector(
      passphrase: "pleaseletmein", salt: "SodiumChloride", logN: 14, r: 8, p: 1,
      key: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9"
        + "e61e85dc0d651e40dfcf017b45575887"),
    Vector(
      passphrase: "pleaseletmein", salt: "SodiumChloride", logN: 20, r: 8, p: 1,
      key: "2101cb9b6a511aaeaddbbe09cf70f881ec568d574a2ffd4dabe5ee9820adaa478e56fd8f4ba5d09ffa1c6d927c40f4c3"
        + "37304049e8a952fbcbf45c6fa77a41a4"),
  ]

  @Test func count() { #expect(Self.vectors.count == 4) }

  @Test(arguments: vectors) func vector(_ vector: Vector) throws {
    let passphrase = Secret(copying: Array(vector.passphrase.utf8).span)
    let key = try Scrypt.derive(
      passphrase: passphrase, salt: Array(vector.salt.utf8), logN: vector.logN, r: vector.r, p: vector.p,
      ceiling: 20, count: 64)
    #expect(Hex.encode(key.bytes.copy()) == vector.key)
  }

  @Test(arguments: [21, 30, 62, 63, 1000]) func ceiling(_ logN: Int) {
    let passphrase = Secret(count: 3)
    #expect(throws: ScryptError.tooMuchWork(logN)) {
      _ = try Scrypt.derive(passphrase: passphrase, salt: [], logN: logN, ceiling: 20)
    }
  }

  @Test func moreThanThereIs() {
    let passphrase = Secret(count: 3)
    #expect(throws: ScryptError.outOfMemory) {
      _ = try Scrypt.derive(passphrase: passphrase, salt: [], logN: 50, ceiling: 60)
    }
  }
}
