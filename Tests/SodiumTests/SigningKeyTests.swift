import Sodium
import Testing

@Suite struct SigningKeyTests {
  @Test func count() { #expect(SignatureVector.all.count == 5) }

  @Test(arguments: SignatureVector.all) func vector(_ vector: SignatureVector) throws {
    let key = SigningKey(seed: try secret(vector.seed))
    let message = try #require(Hex.decode(vector.message.utf8))
    #expect(Hex.encode(key.verifyingKey.bytes) == vector.key)
    let signature = key.sign(message.span)
    #expect(Hex.encode(signature) == vector.signature)
    let verifies = key.verifyingKey.verifies(signature, of: message.span)
    #expect(verifies)
    key.withSeed { #expect(Hex.encode($0.bytes.copy()) == vector.seed) }
  }

  @Test func everyBitOfASignatureCounts() {
    let key = SigningKey.generate()
    let message = Random.bytes(50)
    let signature = key.sign(message.span)
    for bit in 0..<signature.count * 8 {
      var altered = signature
      altered[bit / 8] ^= 1 << UInt8(bit % 8)
      let verifies = key.verifyingKey.verifies(altered, of: message.span)
      #expect(!verifies)
    }
    let short = key.verifyingKey.verifies(Array(signature.dropLast()), of: message.span)
    let other = SigningKey.generate().verifyingKey.verifies(signature, of: message.span)
    #expect(!short && !other)
  }

  @Test func keysThatAreNoPointsAreRefused() {
    #expect(VerifyingKey(bytes: [UInt8](repeating: 0, count: 32)) == nil)
    #expect(VerifyingKey(bytes: [1] + [UInt8](repeating: 0, count: 31)) == nil)
    #expect(VerifyingKey(bytes: [UInt8](repeating: 255, count: 32)) == nil)
    #expect(VerifyingKey(bytes: Array(SigningKey.generate().verifyingKey.bytes.dropLast())) == nil)
  }
}
