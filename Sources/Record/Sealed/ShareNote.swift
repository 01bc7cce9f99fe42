public import Sodium
import Transparency

/// One share of an identity's key with all that says where it belongs (PROTOCOL, quorum): a note signed by whoever split
/// the key. The words are made, signed, read and sealed in guarded memory; the rest of the note is no secret to who has it.
public final class ShareNote: Sendable {
  public let claims: ShareClaims
  /// The words of the SLIP-39 share, with one space between them.
  public let words: SecretBox
  /// The whole note: what is sealed.
  public let encoded: SecretBox
  /// Of the last byte of the signed text, the place behind it.
  private let textCount: Int
  private let signatures: [NoteSignature]

  private init(
    claims: ShareClaims, words: SecretBox, encoded: SecretBox, textCount: Int, signatures: [NoteSignature]
  ) {
    self.claims = claims
    self.words = words
    self.encoded = encoded
    self.textCount = textCount
    self.signatures = signatures
  }

  /// Signs a share, padded to the class of shares (2 KiB, doubling).
  ///
  /// - Parameter signer: under which key name: a member's, or a field device's.
  public static func sign(
    _ claims: ShareClaims, words: borrowing Secret, with key: SigningKey, as signer: Signer = .member
  ) throws(RecordError) -> ShareNote {
    guard isWords(words.bytes) else { throw .field("words") }
    guard claims.hashes.indices.contains(claims.number &- 1) else { throw .field("number") }
    let name = signer.keyName(of: claims.vault)
    var head = Array(NoteKind.share.line.utf8) + [newline] + claims.json.printed()
    // The JSON ends in the empty words' two quotes and the object's brace.
    head.removeLast(2)
    let tail = Array("\"}".utf8)
    let bare = head.count + words.count + tail.count + 1 + 1 + SealedNote.signatureLineLength(name: name)
    // As large as with the longest words, so that the size does not tell how long they are.
    let size = SizeClass.share.padded(bare - words.count + longest(words.bytes))
    let textCount = head.count + words.count + tail.count + (size - bare) + 1
    let text = Secret(count: textCount) { text in
      for index in head.indices { text[index] = head[index] }
      for index in words.bytes.indices { text[head.count + index] = words.bytes[index] }
      for index in tail.indices { text[head.count + words.count + index] = tail[index] }
      for index in (head.count + words.count + tail.count)..<(textCount - 1) { text[index] = UInt8(ascii: " ") }
      text[textCount - 1] = newline
    }
    let line: NoteSignature
    do {
      let verifier = try NoteVerifier(name: name, key: key.verifyingKey)
      line = NoteSignature(by: verifier, signature: key.sign(text.bytes))
    } catch { throw .note(error) }
    let encoded = Secret(count: textCount + 1 + line.line.count) { bytes in
      for index in text.bytes.indices { bytes[index] = text.bytes[index] }
      bytes[textCount] = newline
      for index in line.line.indices { bytes[textCount + 1 + index] = line.line[index] }
    }
    return ShareNote(
      claims: claims, words: SecretBox(words.clone()), encoded: SecretBox(encoded), textCount: textCount,
      signatures: [line])
  }

  /// Reads a note that stands in guarded memory. Its signature is not checked yet: `verify` does.
  public init(parsing bytes: Span<UInt8>) throws(RecordError) {
    guard let end = Self.endOfText(bytes) else { throw .kind(expected: .share) }
    let first = Array(NoteKind.share.line.utf8) + [newline]
    guard end > first.count, first.indices.allSatisfy({ bytes[$0] == first[$0] }) else { throw .kind(expected: .share) }
    let line = bytes.extracting(first.count..<(end - 1))
    guard !line.indices.contains(where: { line[$0] == newline }), let range = Self.rangeOfWords(line) else {
      throw .field("words")
    }
    let words = line.extracting(range)
    // Everything but the words is read as any other note.
    var open: [UInt8] = []
    open.reserveCapacity(line.count)
    for index in line.indices where !range.contains(index) { open.append(line[index]) }
    let json: JSON
    do { json = try JSON(parsing: open.span) } catch { throw .json(error) }
    self.claims = try ShareClaims(json)
    guard json["words"]?.text?.isEmpty ?? false else { throw .field("words") }
    self.words = SecretBox(Secret(copying: words))
    self.encoded = SecretBox(Secret(copying: bytes))
    self.textCount = end
    // The signature lines of any note are read by one parser: behind a text of one letter.
    var lines: [UInt8] = [UInt8(ascii: "-"), newline]
    for index in end..<bytes.count { lines.append(bytes[index]) }
    do { self.signatures = try SignedNote(parsing: lines.span).signatures } catch { throw .note(error) }
  }

  /// Checks that the author, whose key the caller knows, signed this note, and that its words are those that it commits to.
  public func verify(by key: VerifyingKey, as signer: Signer = .member) throws(ShareFault) {
    let name = signer.keyName(of: claims.vault)
    guard KeyHash.of(key) == claims.author, let verifier = try? NoteVerifier(name: name, key: key) else {
      throw .signature
    }
    // As with any note: the author's line is there once, and good.
    let lines = signatures.filter { $0.keyID == verifier.keyID && $0.name.utf8.elementsEqual(name.utf8) }
    guard lines.count == 1, Self.verifies(lines[0].signature, by: key, encoded.secret, textCount) else {
      throw .signature
    }
    guard claims.hashes[claims.number - 1] == Self.hash(of: words.secret, claims) else { throw .words }
  }

  private static func verifies(_ signature: [UInt8], by key: VerifyingKey, _ note: borrowing Secret, _ count: Int)
    -> Bool
  {
    key.verifies(signature, of: note.bytes.extracting(0..<count))
  }

  private static func hash(of words: borrowing Secret, _ claims: ShareClaims) -> SHA256Hash {
    ShareClaims.hash(of: words.bytes, number: claims.number, salt: claims.salt)
  }

  /// Where the signed text ends: its newline, behind which an empty line and the signatures follow.
  private static func endOfText(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count > 2 else { return nil }
    return (1..<bytes.count).reversed().first { bytes[$0] == newline && bytes[$0 - 1] == newline }
  }

  /// Where the words stand between their quotes: at the end of the line, under the last key of the outermost object, so that
  /// every reader of JSON finds the same ones. Nothing is looked for in what stands before.
  private static func rangeOfWords(_ line: Span<UInt8>) -> Range<Int>? {
    var end = line.count
    while end > 0, line[end - 1] == UInt8(ascii: " ") { end -= 1 }
    guard end >= 2, line[end - 1] == UInt8(ascii: "}"), line[end - 2] == UInt8(ascii: "\"") else { return nil }
    end -= 2
    var start = end
    while start > 0, isOfWords(line[start - 1]) { start -= 1 }
    let key = Array(",\"words\":\"".utf8)
    guard start < end, start >= key.count, key.indices.allSatisfy({ line[start - key.count + $0] == key[$0] }) else {
      return nil
    }
    return start..<end
  }

  private static func isWords(_ bytes: Span<UInt8>) -> Bool {
    bytes.count > 0 && bytes.indices.allSatisfy { isOfWords(bytes[$0]) }
  }

  private static func isOfWords(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (97...122).contains(byte) }

  /// The length of as many words of SLIP-39's longest, which has 8 letters.
  private static func longest(_ words: Span<UInt8>) -> Int {
    max(words.count, 9 * (1 + words.indices.count { words[$0] == UInt8(ascii: " ") }) - 1)
  }
}

extension ShareNote {
  /// Who splits identities' keys.
  public enum Signer: Sendable {
    case member
    /// A field device.
    case kit

    func keyName(of vault: SHA256Hash) -> String {
      switch self {
      case .member: KeyName.member(of: vault)
      case .kit: KeyName.kit(of: vault)
      }
    }
  }
}

/// What is wrong with a share note, beside its form.
public enum ShareFault: Error, Equatable, Sendable {
  /// It is not signed by whom it names: whoever handed it on altered it.
  case signature
  /// Its words are not those that it commits to: whoever split the key signed that.
  case words
}
