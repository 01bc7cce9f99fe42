import Sodium
import Testing

@testable import Age

@Suite struct AgeFileTests {
  static let text = Array("what was said".utf8)

  @Test(arguments: [KeyKind.classic, .hybrid], [0, 1, 100, 65535, 65536, 65537, 131072])
  func thereAndBack(_ kind: KeyKind, _ count: Int) throws {
    let identities = (0..<3).map { _ in NativeIdentity.generate(kind) }
    let plaintext = Random.bytes(count)
    let file = try AgeFile.seal(plaintext.span, to: identities.map(\.recipient))
    for identity in identities {
      let opened = try AgeFile.open(file.span, with: [NativeIdentity.generate(kind), identity])
      #expect(opened.bytes.copy() == plaintext)
    }
    let (_, length) = try Header.parse(file.span)
    #expect(file.count == AgeFile.sealedSize(plaintext: count, headerSize: length))
    #expect(throws: AgeError.noMatch) {
      _ = try AgeFile.open(file.span, with: [NativeIdentity.generate(kind)])
    }
  }

  @Test func company() {
    let classic = NativeIdentity.generate(.classic).recipient
    let hybrid = NativeIdentity.generate(.hybrid).recipient
    let scrypt = ScryptRecipient(passphrase: Secret(count: 5), logN: 1)
    let cases: [([any Recipient], AgeError)] = [
      ([], .noRecipients), ([classic, hybrid], .mixedKinds), ([hybrid, classic], .mixedKinds),
      ([scrypt, classic], .scryptNotAlone), ([hybrid, scrypt], .scryptNotAlone),
      ([scrypt, scrypt], .scryptNotAlone),
      ([any Recipient](repeating: classic, count: 21), .tooManyStanzas),
    ]
    for (recipients, expected) in cases {
      #expect(throws: expected) { _ = try AgeFile.seal(Self.text.span, to: recipients) }
      #expect(throws: expected) { _ = try StreamSealer(to: recipients) }
    }
    #expect(throws: Never.self) {
      _ = try AgeFile.seal(Self.text.span, to: [any Recipient](repeating: hybrid, count: 20))
    }
  }

  @Test func everyByteCounts() throws {
    let identity = NativeIdentity.generate(.classic)
    let file = try AgeFile.seal(Self.text.span, to: [identity.recipient])
    for place in file.indices {
      var altered = file
      altered[place] ^= 1
      #expect(throws: AgeError.self) { _ = try AgeFile.open(altered.span, with: [identity]) }
    }
    for count in file.indices {
      #expect(throws: AgeError.self) {
        _ = try AgeFile.open(file.span.extracting(first: count), with: [identity])
      }
    }
    #expect(throws: AgeError.self) { _ = try AgeFile.open((file + [0]).span, with: [identity]) }
  }

  @Test func foreignHeadersAreLimited() {
    let version = Array("age-encryption.org/v1\n".utf8)
    let stanza = Array("-> x\n\n".utf8)
    let many = version + (0..<21).flatMap { _ in stanza }
    #expect(throws: AgeError.tooManyStanzas) { _ = try Header.parse(many.span) }
    let long = version + Array("-> ".utf8) + [UInt8](repeating: 65, count: 100_000)
    #expect(throws: AgeError.headerLineTooLong(line: 2)) { _ = try Header.parse(long.span) }
    let body =
      version + Array("-> x\n".utf8) + (0..<2000).flatMap { _ in [UInt8](repeating: 65, count: 64) + [10] }
    #expect(throws: AgeError.headerTooLarge) { _ = try Header.parse(body.span) }
    #expect(throws: AgeError.notAgeFile) { _ = try Header.parse(Array("PK".utf8).span) }
    let other = Array("age-encryption.org/v2\n".utf8)
    #expect(throws: AgeError.unsupportedVersion) { _ = try Header.parse(other.span) }
  }

  @Test func workIsRefusedAtOnce() throws {
    let file =
      Array("age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 21\n".utf8)
      + Base64.encode(Random.bytes(32).span, padded: false) + Array("\n--- ".utf8)
      + Base64.encode(Random.bytes(32).span, padded: false) + [
        10
      ]
    let identity = ScryptIdentity(passphrase: Secret(count: 8))
    let start = ContinuousClock.now
    #expect(throws: AgeError.tooMuchWork(logN: 21)) { _ = try AgeFile.open(file.span, with: [identity]) }
    #expect(ContinuousClock.now - start < .seconds(2))
  }
}
