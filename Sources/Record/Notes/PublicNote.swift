public import Sodium
public import Transparency

/// A signed note as it lies in the open: the line of its kind, `name: value` lines, and, where there is a text, an empty
/// line and the text (PROTOCOL, signed notes). It is named by the hash of its text alone.
public struct PublicNote: Sendable {
  public struct Field: Equatable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public let kind: NoteKind
  public let fields: [Field]
  /// The plain text behind the fields, ending in a newline; empty where there is none.
  public let body: String
  public let note: SignedNote

  public var hash: SHA256Hash { note.textHash }
  /// The whole note in bytes: what the file holds.
  public var encoded: [UInt8] { note.encoded }

  /// The text that is signed. Refuses names and values that would not read back the same.
  public static func text(_ kind: NoteKind, _ fields: [Field], body: String = "") throws(RecordError) -> [UInt8] {
    var text = kind.line + "\n"
    for field in fields {
      guard isName(field.name) else { throw .field(field.name) }
      guard isValue(field.value) else { throw .characters }
      text += "\(field.name): \(field.value)\n"
    }
    if !body.isEmpty {
      guard body.utf8.last == newline, body.utf8.allSatisfy({ $0 == newline || $0 >= 0x20 && $0 != 0x7f }) else {
        throw .characters
      }
      text += "\n" + body
    }
    return Array(text.utf8)
  }

  public init(_ kind: NoteKind, _ fields: [Field], body: String = "", as name: String, with key: SigningKey)
    throws(RecordError)
  {
    let text = try Self.text(kind, fields, body: body)
    do { self.note = try SignedNote.sign(text: text, name: name, key: key) } catch { throw .note(error) }
    self.kind = kind
    self.fields = fields
    self.body = body
  }

  /// Reads a note of one `kind`. Its signatures are not checked yet.
  public init(parsing bytes: Span<UInt8>, as kind: NoteKind) throws(RecordError) {
    let note: SignedNote
    do { note = try SignedNote(parsing: bytes) } catch { throw .note(error) }
    var lines = note.text.split(separator: newline, omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst(), first.elementsEqual(kind.line.utf8) else { throw .kind(expected: kind) }
    var fields: [Field] = []
    var body = ""
    while let line = lines.popFirst() {
      if line.isEmpty {
        // The last newline leaves one empty piece; an empty line before it opens the text.
        if !lines.isEmpty { body = Self.decode(note.text[lines[lines.startIndex].startIndex...]) }
        break
      }
      let text = Self.decode(line)
      let bytes = Array(text.utf8)
      guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.count,
        bytes[colon + 1] == UInt8(ascii: " ")
      else { throw .field("") }
      let name = Self.decode(bytes[..<colon])
      let value = Self.decode(bytes[(colon + 2)...])
      guard Self.isName(name), Self.isValue(value) else { throw .field("") }
      fields.append(Field(name, value))
    }
    self.kind = kind
    self.fields = fields
    self.body = body
    self.note = note
  }

  /// The same words with other signature lines.
  init(_ other: PublicNote, signed note: SignedNote) {
    self.kind = other.kind
    self.fields = other.fields
    self.body = other.body
    self.note = note
  }

  /// A number from 1 to a million, in plain decimal.
  func count(_ name: String) throws(RecordError) -> Int {
    let text = try value(name)
    guard let number = Int(text), 1...1_000_000 ~= number, String(number) == text else { throw .field(name) }
    return number
  }

  /// The value of the one field of that name.
  public func value(_ name: String) throws(RecordError) -> String {
    let values = self.values(name)
    guard values.count == 1 else { throw .field(name) }
    return values[0]
  }

  public func values(_ name: String) -> [String] {
    fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
  }

  static func decode(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "-") }
  }

  static func isValue(_ value: String) -> Bool {
    !value.isEmpty && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
  }
}
