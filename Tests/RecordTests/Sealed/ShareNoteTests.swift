import Record
import Sodium
import Testing
import Transparency

struct ShareNoteTests {
  let key = SigningKey.generate()
  let salt = [UInt8](repeating: 0xA5, count: 16)
  /// The first share of one of SLIP-39's published vectors, shortened: what the words say is nobody's business here.
  let words = "duckling enlarge academic academic agency result length solution fridge kidney"

  private func claims(_ words: String, number: Int = 2, of count: Int = 5, author: SigningKey? = nil) -> ShareClaims {
    let text = Array(words.utf8)
    let own = ShareClaims.hash(of: text.span, number: number, salt: salt)
    let hashes = (1...count).map { $0 == number ? own : Sample.hash("share \($0)") }
    return ShareClaims(
      author: KeyHash.of((author ?? key).verifyingKey), vault: Sample.vault, record: Sample.record, version: 1,
      object: Sample.hash("o"), policy: Sample.hash("p"), set: 32767, number: number, salt: salt, hashes: hashes)
  }

  private func sign(
    _ words: String? = nil, claims: ShareClaims? = nil, with signer: SigningKey? = nil
  ) throws -> [UInt8] {
    let words = words ?? self.words
    let secret = Secret(copying: Array(words.utf8).span)
    let claims = claims ?? self.claims(words)
    let note = try ShareNote.sign(claims, words: secret, with: signer ?? key)
    return bytes(note.encoded)
  }

  private func parse(_ bytes: [UInt8]) throws -> ShareNote { try ShareNote(parsing: bytes.span) }

  private func bytes(_ box: SecretBox) -> [UInt8] { copy(box.secret) }

  private func copy(_ secret: borrowing Secret) -> [UInt8] {
    var copy: [UInt8] = []
    for index in secret.bytes.indices { copy.append(secret.bytes[index]) }
    return copy
  }

  /// The same text with other bytes in the place of some, signed anew.
  private func resigned(_ bytes: [UInt8], _ old: String, _ new: String) throws -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let range = try #require(text.firstRange(of: old))
    let changed = text.replacingCharacters(range, with: new)
    let ending = try #require(changed.firstRange(of: "\n\n"))
    let end = ending.lowerBound
    return try SignedNote.sign(
      text: Array(changed[..<end].utf8) + [10], name: KeyName.member(of: Sample.vault), key: key
    ).encoded
  }

  private func replaced(_ bytes: [UInt8], _ old: String, _ new: String) throws -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let range = try #require(text.firstRange(of: old))
    return Array(text.replacingCharacters(range, with: new).utf8)
  }

  private func signature(of note: [UInt8]) -> [UInt8] { Array(note.drop { $0 != 0xE2 }) }

  @Test func aShareReadsBack() throws {
    let read = try parse(sign())
    try read.verify(by: key.verifyingKey)
    #expect(read.claims == claims(words) && bytes(read.words) == Array(words.utf8))
    #expect(try bytes(read.encoded) == sign())
    // It is a note like any other.
    let note = try sign()
    let sealed = try SealedNote(parsing: note.span, as: .share)
    #expect(try sealed.verified(as: KeyName.member(of: Sample.vault), by: key.verifyingKey) == sealed.ownHash)
    #expect(sealed.body["words"]?.text == words)
  }

  /// How long the words are shows nowhere, whatever the number of shares.
  @Test func theSizeSaysNothingOfTheWords() throws {
    let (short, long) = (String(repeating: "acid ", count: 33), String(repeating: "academic ", count: 33))
    for count in 1...16 {
      let sizes = try [short, long].map { text in
        let words = String(text.dropLast())
        return try sign(words, claims: claims(words, number: 1, of: count)).count
      }
      #expect(sizes[0] == sizes[1] && SizeClass.share.padded(sizes[0]) == sizes[0], "\(count)")
    }
    #expect(try sign().count == 2048)
  }

  @Test func aFlippedWordIsWhoevers() throws {
    let altered = try parse(replaced(sign(), "kidney", "kidnez"))
    #expect(throws: ShareFault.signature) { try altered.verify(by: key.verifyingKey) }
    let signed = try parse(resigned(sign(), "kidney", "kidnez"))
    #expect(throws: ShareFault.words) { try signed.verify(by: key.verifyingKey) }
    let otherNumber = try parse(resigned(sign(), "\"number\":2", "\"number\":3"))
    #expect(throws: ShareFault.words) { try otherNumber.verify(by: key.verifyingKey) }
  }

  @Test(arguments: ["record", "version", "object", "policy", "set", "number", "salt", "hashes", "vault", "author"])
  func everyClaimIsSigned(name: String) throws {
    let bytes = try sign()
    let text = String(decoding: bytes, as: UTF8.self)
    let claim = try #require(text.firstRange(of: "\"\(name)\":"))
    let start = claim.upperBound
    let digit = try #require(text[start...].firstIndex { $0.isHexDigit })
    var changed = bytes
    let place = text.utf8.distance(from: text.startIndex, to: digit)
    changed[place] = changed[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
    let read = try parse(changed)
    #expect(throws: ShareFault.signature) { try read.verify(by: key.verifyingKey) }
  }

  @Test func anotherSignerIsNotTheAuthor() throws {
    let other = SigningKey.generate()
    let note = try parse(sign(with: other))
    for verifying in [key.verifyingKey, other.verifyingKey] {
      #expect(throws: ShareFault.signature) { try note.verify(by: verifying) }
    }
  }

  @Test func ofSeveralSignaturesTheAuthorsIsThereOnceAndGood() throws {
    let note = try sign()
    let line = signature(of: note)
    let foreignLine = signature(of: try sign(with: .generate()))
    let both = try parse((note + foreignLine))
    try both.verify(by: key.verifyingKey)
    let twice = try parse((note + line))
    #expect(throws: ShareFault.signature) { try twice.verify(by: key.verifyingKey) }
    // A bad line of the same key beside the good one.
    var bad = line
    bad[bad.count - 10] = bad[bad.count - 10] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    let mixed = try parse((note + bad))
    #expect(throws: ShareFault.signature) { try mixed.verify(by: key.verifyingKey) }
  }

  /// What another reader of the same bytes would read: one key `words`, in the outermost object, in the last place.
  @Test(arguments: [
    (#""words":""#, #""words":"acid","words":""#), (#""words":""#, #""words":"","words":""#),
    (#""version":1"#, #""version":1,"words":"acid""#),
    (#""words":""#, #""words":"","x":{"words":""#), (#""words":""#, #""a\"words":""#),
    (#""words":""#, #""w\u006frds":"","a\"words":""#), (#""words":""#, #""w\u006frds":""#),
    (#""words":""#, #""words": ""#), (#""words":""#, #""words":["#), (#"kidney""#, #"kidney","later":"x""#),
    (#"kidney""#, #"kidne\u0079""#), ("kidney", "Kidney"), ("kidney", "kidney\u{e9}"), ("duckling", "duck\\nling"),
    (#""version":1"#, #""version":1,"version":1"#), (#""number":2"#, #""number":6"#), (#""number":2"#, #""number":0"#),
    (#""set":32767"#, #""set":32768"#), (#""salt":"a5"#, #""salt":""#), ("\n{", "\n\n{"), ("share/v1", "entry/v1"),
  ])
  func malformedNotesAreRefused(old: String, new: String) throws {
    let bytes = try replaced(sign(), old, new)
    #expect(throws: RecordError.self) { try parse(bytes) }
  }

  /// A later version may say more, in front.
  @Test func unknownFieldsAreLetBe() throws {
    let note = try parse(resigned(sign(), #""vault":"#, #""x":{"words":"acid"},"vault":"#))
    try note.verify(by: key.verifyingKey)
    #expect(bytes(note.words) == Array(words.utf8))
  }

  @Test func nestedAtTheEndIsRefusedToo() throws {
    for new in [#""words":"","x":{"words":"acid"}}"#, #""x":{"words":"acid"}}"#, #""words":"","x":["words":"acid"]}"#] {
      let bytes = try replaced(sign(), #""words":"\#(words)"}"#, new)
      #expect(throws: RecordError.self) { try parse(bytes) }
    }
  }

  @Test func noPartOfANoteIsANote() throws {
    let bytes = try sign()
    for count in 0..<bytes.count {
      #expect(throws: RecordError.self, "\(count)") { try parse(Array(bytes[..<count])) }
    }
    for start in 1..<200 {
      #expect(throws: RecordError.self, "\(start)") { try parse(Array(bytes[start...])) }
    }
  }

  /// Nothing crashes on a note with a byte changed, and none verifies.
  @Test func noByteCanBeChanged() throws {
    let bytes = try sign()
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      guard let read = try? parse(changed) else { continue }
      #expect(throws: ShareFault.self, "\(place)") { try read.verify(by: key.verifyingKey) }
    }
  }

  @Test func whatIsNoShareIsNotSigned() throws {
    for text in ["", "a\"b", "Acid", "acid\n", "acid1"] {
      #expect(throws: RecordError.field("words"), "\(text)") { try sign(text) }
    }
    for number in [0, 6, -1, Int.max] {
      #expect(throws: RecordError.field("number"), "\(number)") { try sign(claims: claims(words, number: number)) }
    }
  }
}

extension String {
  fileprivate func firstRange(of other: String) -> Range<String.Index>? {
    let (text, part) = (Array(utf8), Array(other.utf8))
    guard part.count <= text.count else { return nil }
    for start in 0...(text.count - part.count) where text[start..<start + part.count].elementsEqual(part) {
      return utf8.index(startIndex, offsetBy: start)..<utf8.index(startIndex, offsetBy: start + part.count)
    }
    return nil
  }

  fileprivate func replacingCharacters(_ range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
