import Sodium
import Testing

/// RFC 8439: section 2.8.2 and appendix A.5.
@Suite struct ChaChaPolyTests {
  struct Vector: Sendable { let key, nonce, data, plaintext, ciphertext: String }

  static let vectors = [
    Vector(
      key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
      nonce: "070000004041424344454647",
      data: "50515253c0c1c2c3c4c5c6c7",
      plaintext: Hex.encode(
        Array(
          ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            + "sunscreen would be it.").utf8)),
      ciphertext:
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
        + "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        + "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"),
    Vector(
      key: "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
      nonce: "000000000102030405060708",
      data: "f33388860000000000004e91",
      plaintext:
        "496e7465726e65742d4472616674732061726520647261667420646f63756d656e74732076616c696420666f72206120"
        + "6d6178696d756d206f6620736978206d6f6e74687320616e64206d617920626520757064617465642c207265706c6163"
        + "65642c206f72206f62736f6c65746564206279206f7468657220646f63756d656e747320617420616e792074696d652e"
        + "20497420697320696e617070726f70726961746520746f2075736520496e7465726e65742d4472616674732061732072"
        + "65666572656e6365206d6174657269616c206f7220746f2063697465207468656d206f74686572207468616e20617320"
        + "2fe2809c776f726b20696e2070726f67726573732e2fe2809d",
      ciphertext:
        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e382d26b0"
        + "bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
        + "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e9"
        + "9040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
        + "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130"
        + "305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38"),
  ]

  @Test func count() { #expect(Self.vectors.count == 2) }

  @Test(arguments: vectors) func vector(_ vector: Vector) throws {
    let key = try secret(vector.key)
    let nonce = try #require(Hex.decode(vector.nonce.utf8))
    let data = try #require(Hex.decode(vector.data.utf8))
    let plaintext = try #require(Hex.decode(vector.plaintext.utf8))
    var sealed = [UInt8](repeating: 0, count: plaintext.count + ChaChaPoly.tagSize)
    var output = sealed.mutableSpan
    ChaChaPoly.seal(plaintext.span, into: &output, key: key, nonce: nonce.span, authenticating: data.span)
    #expect(Hex.encode(sealed) == vector.ciphertext)
    var opened = [UInt8](repeating: 1, count: plaintext.count)
    var span = opened.mutableSpan
    let isAuthentic = ChaChaPoly.open(
      sealed.span, into: &span, key: key, nonce: nonce.span, authenticating: data.span)
    #expect(isAuthentic && opened == plaintext)
  }

  @Test func everyBitCounts() {
    let key = Secret.random(count: 32)
    let nonce = Random.bytes(12)
    let plaintext = Random.bytes(20)
    var sealed = [UInt8](repeating: 0, count: 36)
    var output = sealed.mutableSpan
    ChaChaPoly.seal(plaintext.span, into: &output, key: key, nonce: nonce.span)
    for bit in 0..<sealed.count * 8 {
      var altered = sealed
      altered[bit / 8] ^= 1 << UInt8(bit % 8)
      var opened = [UInt8](repeating: 7, count: 20)
      var span = opened.mutableSpan
      let isAuthentic = ChaChaPoly.open(altered.span, into: &span, key: key, nonce: nonce.span)
      #expect(!isAuthentic && opened == [UInt8](repeating: 0, count: 20))
    }
  }

  @Test func shorterThanATagIsNotAuthentic() {
    var opened: [UInt8] = []
    var span = opened.mutableSpan
    let isAuthentic = ChaChaPoly.open(
      Random.bytes(15).span, into: &span, key: .random(count: 32), nonce: Random.bytes(12).span)
    #expect(!isAuthentic && opened.isEmpty)
  }
}
