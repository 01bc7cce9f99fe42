import Sodium
import Testing

@testable import Age

@Suite struct KeyTests {
  /// The examples of c2sp.org/age.
  static let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
  static let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
  static let hybridIdentity = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"

  static func secret(_ text: String) -> Secret {
    let bytes = Array(text.utf8)
    return Secret(copying: bytes.span)
  }

  @Test func specificationExamples() throws {
    let classic = try NativeIdentity(parsing: Self.secret(Self.identity))
    #expect(classic.kind == .classic && classic.recipient.text == Self.recipient)
    classic.withSecretBytes { #expect($0.bytes.copy() == [UInt8](repeating: 0x42, count: 32)) }
    let hybrid = try NativeIdentity(parsing: Self.secret(Self.hybridIdentity))
    #expect(hybrid.kind == .hybrid)
    #expect(
      hybrid.recipient.text.hasPrefix("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5"))
    #expect(hybrid.recipient.text.hasSuffix("k2ykx3qheyty7saeq0d3fzv49zc0k"))
    #expect(hybrid.recipient.text.utf8.count == 1959)
  }

  @Test(arguments: [KeyKind.classic, .hybrid]) func thereAndBack(_ kind: KeyKind) throws {
    for _ in 0..<20 {
      let identity = NativeIdentity.generate(kind)
      let again = try NativeIdentity(parsing: identity.encoded())
      #expect(again.kind == kind && again.recipient == identity.recipient)
      let recipient = try NativeRecipient(parsing: identity.recipient.text)
      #expect(recipient == identity.recipient && recipient.kind == kind && "\(recipient)" == recipient.text)
      let isSame = again.withSecretBytes { again in identity.withSecretBytes { $0.equals(again) } }
      #expect(isSame)
    }
  }

  @Test func casesAreStrict() {
    #expect(throws: AgeError.unknownIdentity) {
      _ = try NativeIdentity(parsing: Self.secret(Self.identity.lowercased()))
    }
    #expect(throws: AgeError.unknownRecipient) {
      _ = try NativeRecipient(parsing: Self.recipient.uppercased())
    }
    #expect(throws: AgeError.malformedBech32) {
      _ = try NativeRecipient(parsing: "A" + Self.recipient.dropFirst())
    }
    #expect(throws: AgeError.malformedBech32) {
      _ = try NativeIdentity(parsing: Self.secret("a" + Self.identity.dropFirst()))
    }
  }

  @Test(arguments: [
    "", "age1", recipient + " ", recipient + "\n", String(recipient.dropLast()), "agé1zvk", hybridIdentity,
  ]) func refused(_ text: String) {
    #expect(throws: AgeError.self) { _ = try NativeRecipient(parsing: text) }
    if text != Self.hybridIdentity {
      #expect(throws: AgeError.self) { _ = try NativeIdentity(parsing: Self.secret(text)) }
    }
  }

  @Test func recipientsOfLowOrderAreRefused() {
    let zero = NativeRecipient(.classic, publicKey: [UInt8](repeating: 0, count: 32))
    #expect(throws: AgeError.unusableRecipient) { _ = try NativeRecipient(parsing: zero.text) }
    #expect(throws: AgeError.unusableRecipient) { _ = try AgeFile.seal(Span(), to: [zero]) }
    let full = NativeRecipient(.hybrid, publicKey: [UInt8](repeating: 255, count: 1216))
    #expect(throws: AgeError.unusableRecipient) { _ = try NativeRecipient(parsing: full.text) }
  }

  @Test func identityFile() throws {
    let (one, two) = (NativeIdentity.generate(.classic), NativeIdentity.generate(.hybrid))
    var text = Array("# created by nobody\n\n".utf8) + one.encoded().bytes.copy() + Array("\n# кто\r\n".utf8)
    text += two.encoded().bytes.copy()
    let secret = Secret(copying: text.span)
    #expect(try IdentityFile.parse(secret).map(\.recipient) == [one.recipient, two.recipient])
    let comments = IdentityFile.comments(in: secret).map { String(decoding: text[$0], as: UTF8.self) }
    #expect(comments == ["# created by nobody", "# кто"])
    #expect(throws: AgeError.malformedKeyFile(line: 2)) {
      _ = try IdentityFile.parse(Self.secret("# a\nnonsense\n" + Self.identity))
    }
    #expect(throws: AgeError.noKeys) { _ = try IdentityFile.parse(Self.secret("# a\n\n")) }
    let isSealed = IdentityFile.isSealed(text.span)
    #expect(!isSealed)
  }

  @Test func sealedIdentityFile() throws {
    let text = Self.secret(Self.identity + "\n")
    let file = try AgeFile.seal(text, to: [ScryptRecipient(passphrase: Self.secret("correct"), logN: 10)])
    for form in [file, Armor.encode(file.span)] {
      let isSealed = IdentityFile.isSealed(form.span)
      #expect(isSealed)
      let opened = try IdentityFile.open(form.span, passphrase: Self.secret("correct"))
      #expect(try IdentityFile.parse(opened).map(\.recipient.text) == [Self.recipient])
      #expect(throws: AgeError.noMatch) {
        _ = try IdentityFile.open(form.span, passphrase: Self.secret("wrong"))
      }
      #expect(throws: AgeError.tooMuchWork(logN: 10)) {
        _ = try IdentityFile.open(form.span, passphrase: Self.secret("correct"), maximumLogN: 9)
      }
    }
  }

  @Test func recipientFile() throws {
    let hybrid = NativeIdentity.generate(.hybrid).recipient.text
    let text = Array("# us\n\(Self.recipient)\n\n\(hybrid)\n".utf8)
    #expect(try RecipientFile.parse(text.span).map(\.text) == [Self.recipient, hybrid])
    let broken = Array("\(Self.recipient)\nssh-ed25519 AAAA\n".utf8)
    #expect(throws: AgeError.malformedKeyFile(line: 2)) { _ = try RecipientFile.parse(broken.span) }
  }
}
