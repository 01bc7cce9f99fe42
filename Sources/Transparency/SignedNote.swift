public import Sodium

/// A text and its signature lines (c2sp.org/signed-note), as they came: nothing here has been verified.
///
/// The text is UTF-8, ends in a newline and holds no other control character below U+0020. An empty line and at least
/// one signature line follow, and nothing follows those. What parses is encoded again byte for byte.
public struct SignedNote: Hashable, Sendable {
  /// The signed bytes, the last newline included.
  public let text: [UInt8]
  /// In the order of the file: 1 to 16, of known and unknown keys.
  public let signatures: [NoteSignature]

  /// The longest text, in bytes.
  public static let textLimit = 64 << 20
  /// How many signature lines a note may carry.
  public static let signatureLimit = 16

  /// The whole file: the text, an empty line, the signature lines.
  public var encoded: [UInt8] {
    var output = text
    output.append(newline)
    for signature in signatures { output += signature.line }
    return output
  }

  /// SHA-256 of the text alone: what a public note is called by.
  public var textHash: SHA256Hash { SHA256Hash(of: text.span) }

  /// SHA-256 over the text, the empty line and that one signature line with its newline: what a sealed note is called
  /// by, so that the hash confirms nobody's guess of a text, and a foreign line makes no second note.
  public func hash(with signatureLine: NoteSignature) -> SHA256Hash {
    var hasher = SHA256Hasher()
    hasher.update(text.span)
    hasher.update([newline].span)
    hasher.update(signatureLine.line.span)
    return hasher.finalize()
  }

  /// Signs `text`. Throws where the text or the name is not fit for a note.
  public static func sign(text: [UInt8], name: String, key: SigningKey) throws(NoteError) -> SignedNote {
    try check(text.span)
    return try SignedNote(text: text, signatures: []).adding(signatureBy: name, key: key)
  }

  /// The same text with one more signature line, or the note itself where this key's line is there already.
  public func adding(signatureBy name: String, key: SigningKey) throws(NoteError) -> SignedNote {
    let verifier = try NoteVerifier(name: name, key: key.verifyingKey)
    return try adding(
      NoteSignature(name: name, keyID: verifier.keyID, signature: key.sign(text.span)))
  }

  /// The same text with `signature` behind its other lines, or the note itself where that line is there already.
  public func adding(_ signature: NoteSignature) throws(NoteError) -> SignedNote {
    if signatures.contains(signature) { return self }
    guard signatures.count < Self.signatureLimit else { throw .tooManySignatures }
    return SignedNote(text: text, signatures: signatures + [signature])
  }

  /// A note from its parts, of which nothing has been verified. Throws where the text is not fit for a note.
  public init(checking text: [UInt8], signatures: [NoteSignature]) throws(NoteError) {
    try Self.check(text.span)
    guard !signatures.isEmpty else { throw .noSignatures }
    guard signatures.count <= Self.signatureLimit else { throw .tooManySignatures }
    self.init(text: text, signatures: signatures)
  }

  init(text: [UInt8], signatures: [NoteSignature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Refuses what no note's text may be.
  static func check(_ text: Span<UInt8>) throws(NoteError) {
    guard text.count <= textLimit else { throw .tooLarge }
    try checkCharacters(text)
    guard text.count > 0, text[text.count - 1] == newline else { throw .unterminatedText }
  }

  /// Refuses what is not UTF-8, and control characters other than newline. DEL and U+0080–U+009F pass, as C2SP has it.
  static func checkCharacters(_ bytes: Span<UInt8>) throws(NoteError) {
    do {
      _ = try UTF8Span(validating: bytes)
    } catch {
      throw .notUTF8(offset: error.byteOffsets.lowerBound)
    }
    // Padding makes notes long: 8 bytes at a time, and one by one where a byte is below U+0020.
    var start = 0
    while start < bytes.count {
      let end = min(start + 8, bytes.count)
      if end - start < 8 || holdsLow(bytes.word(at: start)) {
        for offset in start..<end where bytes[offset] < 0x20 && bytes[offset] != newline {
          throw .controlCharacter(offset: offset)
        }
      }
      start = end
    }
  }

  /// Whether one of 8 bytes is below 0x20: none of its three high bits is set.
  private static func holdsLow(_ word: UInt64) -> Bool {
    let high = word & 0xE0E0_E0E0_E0E0_E0E0
    return (high &- 0x0101_0101_0101_0101) & ~high & 0x8080_8080_8080_8080 != 0
  }
}

let newline = UInt8(ascii: "\n")
