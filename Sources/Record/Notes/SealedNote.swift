public import Sodium
public import Transparency

/// A signed note as it lies inside a seal: the line of its kind, one line of JSON with spaces behind it, an empty line,
/// its author's signature line. The bytes are kept as they were signed and never serialised again.
public struct SealedNote: Sendable {
  public let kind: NoteKind
  public let body: JSON
  public let note: SignedNote

  /// The whole note in bytes: what is sealed.
  public var encoded: [UInt8] { note.encoded }

  /// The note hash of a note that was signed here and has that one signature. Of a note that was read, `verified` gives it.
  public var ownHash: SHA256Hash { SHA256Hash(of: note.encoded) }

  /// Signs `body` under `name`, with as many spaces behind the JSON as bring the whole note to its size class.
  public static func sign(
    _ kind: NoteKind, _ body: JSON, as name: String, with key: SigningKey, size: SizeClass
  ) throws(RecordError) -> SealedNote {
    var text = Array(kind.line.utf8)
    text.append(newline)
    text += body.printed()
    let lineLength = signatureLineLength(name: name)
    let bare = text.count + 1 + 1 + lineLength
    let padding = size.padded(bare) - bare
    text += [UInt8](repeating: UInt8(ascii: " "), count: padding)
    text.append(newline)
    do {
      return SealedNote(kind: kind, body: body, note: try SignedNote.sign(text: text, name: name, key: key))
    } catch {
      throw .note(error)
    }
  }

  private init(kind: NoteKind, body: JSON, note: SignedNote) {
    self.kind = kind
    self.body = body
    self.note = note
  }

  /// Reads a note of one `kind`. Its signature is not checked yet: `verified` does.
  public init(parsing bytes: Span<UInt8>, as kind: NoteKind) throws(RecordError) {
    let note: SignedNote
    do { note = try SignedNote(parsing: bytes) } catch { throw .note(error) }
    let text = note.text
    guard let end = text.firstIndex(of: newline), text[..<end].elementsEqual(kind.line.utf8) else {
      throw .kind(expected: kind)
    }
    let rest = text[(end + 1)...]
    guard rest.last == newline else { throw .kind(expected: kind) }
    // One line, and nothing but spaces behind it: the text of a note ends in its newline.
    var last = rest.endIndex - 1
    while last > rest.startIndex, text[last - 1] == UInt8(ascii: " ") { last -= 1 }
    let line = Array(text[rest.startIndex..<last])
    guard !line.contains(newline) else { throw .kind(expected: kind) }
    do { self.body = try JSON(parsing: line.span) } catch { throw .json(error) }
    guard body.members != nil else { throw .field("") }
    self.kind = kind
    self.note = note
  }

  /// Checks that `key` signed this under `name`, and gives the note's hash: over the text, the empty line and that one
  /// signature line (PROTOCOL: so that it confirms nobody's guess of a text, and a foreign line makes no second note).
  public func verified(as name: String, by key: VerifyingKey) throws(RecordError) -> SHA256Hash {
    do {
      let verifier = try NoteVerifier(name: name, key: key)
      guard let hash = try note.verified(by: [verifier]).hash(signedBy: verifier) else { throw RecordError.signature }
      return hash
    } catch { throw .signature }
  }

  /// Bytes of one signature line: an em dash, a space, the name, a space, base64 of 4 + 64 bytes, a newline.
  static func signatureLineLength(name: String) -> Int { 3 + 1 + name.utf8.count + 1 + 92 + 1 }
}

let newline = UInt8(ascii: "\n")
