import Record
import Sodium
import Testing

func seededHash(_ seed: UInt64) -> SHA256Hash {
  SHA256Hash(of: Array("seed \(seed)".utf8))
}

@Suite struct ThingIDTests {
  @Test func isTheHashOfItsOriginAsText() throws {
    let nonce = try #require(ThingNonce(bytes: [UInt8](0..<16)))
    let id = ThingID(kind: .record, vault: seededHash(1), author: seededHash(2), nonce: nonce)
    let text = "record\n\(seededHash(1))\n\(seededHash(2))\n000102030405060708090a0b0c0d0e0f\n"
    #expect(id.hash == SHA256Hash(of: Array(text.utf8)))
    #expect(ThingID(kind: .case, vault: seededHash(1), author: seededHash(2), nonce: nonce).hash != id.hash)
  }

  @Test func aNonceIsSixteenBytes() {
    #expect(ThingNonce(bytes: [UInt8](repeating: 0, count: 15)) == nil)
    #expect(ThingNonce(bytes: [UInt8](repeating: 0, count: 17)) == nil)
    #expect(ThingNonce(hex: "000102030405060708090A0B0C0D0E0F") == nil)
    #expect(ThingNonce(hex: "000102030405060708090a0b0c0d0e0f")?.bytes == [UInt8](0..<16))
    let nonce = ThingNonce.random()
    #expect(ThingNonce(hex: nonce.hex) == nonce)
    #expect(ThingNonce.random() != nonce)
  }

  /// Worked out apart from this code, by powers of x in GF(2⁵), over SHA-256 of nothing.
  @Test func shownForms() {
    let nothing = SHA256Hash(of: [UInt8]())
    let shown = ThingKind.allCases.map { ThingID(kind: $0, hash: nothing).shown(extraGroups: 2) }
    #expect(shown == ["C-WERC-8GM1-RZG1-E19K", "R-WERC-8GMK-RZGA-E19D", "Q-WERC-8GMC-RZG4-E19Q"])
    #expect(ThingID(kind: .record, hash: nothing).shown() == "R-WERC-8GMK")
    #expect(VaultID(hash: nothing).shown() == "WERC-8GMF")
    #expect(VaultID(hash: nothing).shown(extraGroups: 4).utf8.count == 4 * 6 + 5)
  }

  @Test func longerFormsBeginWithShorterOnes() {
    for seed in 0..<50 as Range<UInt64> {
      let id = ThingID(kind: .record, hash: seededHash(seed))
      for groups in 0..<4 {
        #expect(id.shown(extraGroups: groups + 1).hasPrefix(id.shown(extraGroups: groups) + "-"))
      }
    }
  }

  @Test func areOrderedByKindAndHash() {
    let ids = [ThingKind.record, .case, .request].flatMap { kind in
      (0..<4 as Range<UInt64>).map { ThingID(kind: kind, hash: seededHash($0)) }
    }
    let sorted = ids.sorted()
    #expect(sorted.prefix(4).allSatisfy { $0.kind == .case })
    #expect(sorted.prefix(4).map(\.hash) == sorted.prefix(4).map(\.hash).sorted())
  }
}
