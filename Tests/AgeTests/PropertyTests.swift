import Sodium
import Testing

@testable import Age

/// What is parsed is printed back, byte for byte; what is printed parses to what it was. The seeds are fixed.
@Suite struct PropertyTests {
  static func opening(_ text: [UInt8]) -> AgeError? {
    do {
      _ = try Armor.decode(text.span)
      return nil
    } catch { return error }
  }

  @Test func headers() throws {
    var random = Seeded(1)
    for _ in 0..<300 {
      let stanzas = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        let arguments = (0..<Int.random(in: 1...4, using: &random)).map { _ in
          let count = Int.random(in: 1...40, using: &random)
          return String(
            decoding: (0..<count).map { _ in UInt8.random(in: 33...126, using: &random) }, as: UTF8.self)
        }
        let body = random.bytes(Int.random(in: 0...150, using: &random))
        return Stanza(type: arguments[0], arguments: Array(arguments.dropFirst()), body: body)
      }
      let header = Header(stanzas: stanzas, fileKey: FileKey.random())
      let text = header.encoded
      let (parsed, length) = try Header.parse((text + random.bytes(30)).span)
      #expect(parsed == header && length == text.count && parsed.encoded == text)
    }
  }

  /// One byte of a header changed: refused, or a header that prints as it stands.
  @Test func alteredHeaders() throws {
    var random = Seeded(2)
    let identity = NativeIdentity.generate(.classic)
    let file = try AgeFile.seal(Array("text".utf8).span, to: [identity.recipient])
    let (_, length) = try Header.parse(file.span)
    for _ in 0..<5000 {
      var altered = Array(file[..<length])
      altered[Int.random(in: 0..<length, using: &random)] = UInt8.random(in: 0...255, using: &random)
      guard let (header, end) = try? Header.parse(altered.span) else { continue }
      #expect(header.encoded == Array(altered[..<end]))
    }
  }

  @Test func armor() throws {
    var random = Seeded(3)
    for count in Array(0...200) + [48 * 50, 10_000] {
      let bytes = random.bytes(count)
      let text = Armor.encode(bytes.span)
      let decoded = try Armor.decode(text.span)
      #expect(decoded == bytes)
      var decoder = ArmorDecoder()
      var pieces: [UInt8] = []
      var start = 0
      while start < text.count {
        let next = min(text.count, start + Int.random(in: 1...100, using: &random))
        try decoder.decode(text.span.extracting(start..<next), into: &pieces)
        start = next
      }
      try decoder.finish(into: &pieces)
      #expect(pieces == bytes)
    }
  }

  /// Armor that decodes after a change decodes to something that prints as it stands, blank space aside.
  @Test func alteredArmor() throws {
    var random = Seeded(4)
    let text = Armor.encode(random.bytes(200).span)
    for _ in 0..<5000 {
      var altered = text
      altered[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      guard let bytes = try? Armor.decode(altered.span) else { continue }
      let printed = Armor.encode(bytes.span)
      #expect(printed == altered.filter { $0 != UInt8(ascii: "\r") } || altered.last != UInt8(ascii: "\n"))
    }
  }

  @Test func bech32() throws {
    var random = Seeded(5)
    for count in 0..<200 {
      let bytes = random.bytes(count)
      for letters in [Bech32.Case.lower, .upper] {
        var text = [UInt8](repeating: 0, count: Bech32.textCount(prefix: "age1x", count: count))
        var span = text.mutableSpan
        Bech32.encode(prefix: "age1x", bytes.span, case: letters, into: &span)
        let decoded = try Bech32.decode(text.span)
        #expect(
          decoded.prefix == "age1x" && decoded.data == bytes
            && (decoded.letters == .lower) == (letters == .lower))
        // Any one character changed is found.
        let place = Int.random(in: 0..<text.count, using: &random)
        var altered = text
        altered[place] = altered[place] == UInt8(ascii: "q") ? UInt8(ascii: "p") : UInt8(ascii: "q")
        #expect(throws: AgeError.self) { _ = try Bech32.decode(altered.span) }
      }
    }
  }

  @Test func base64() {
    var random = Seeded(6)
    for count in 0..<200 {
      let bytes = random.bytes(count)
      for padded in [false, true] {
        let text = Base64.encode(bytes.span, padded: padded)
        #expect(Base64.decode(text.span, padded: padded) == bytes)
      }
    }
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Array("ABCDwxyz0189+/=\n ".utf8).randomElement(using: &random) ?? 0
      }
      for padded in [false, true] {
        guard let bytes = Base64.decode(text.span, padded: padded) else { continue }
        #expect(Base64.encode(bytes.span, padded: padded) == text)
      }
    }
  }
}
