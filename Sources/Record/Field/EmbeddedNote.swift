public import Transparency

/// A sealed note inside another note: its text without the spaces that pad it, their number, and its signature lines.
/// The bytes that were signed come back exactly (PROTOCOL, general).
public struct EmbeddedNote: Equatable, Sendable {
  /// The note without its padding, as text.
  let text: String
  let spaces: Int

  /// More than any note that is embedded, in bytes.
  static let largest = 1 << 20

  public init(_ note: SignedNote) {
    let bytes = note.encoded
    var end = note.text.count - 1
    while end > 0, note.text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    spaces = note.text.count - 1 - end
    text = String(decoding: bytes[..<end] + bytes[(note.text.count - 1)...], as: UTF8.self)
  }

  var json: JSON { ["text": .string(text), "spaces": .integer(Int64(spaces))] }

  init(_ fields: Fields) throws(RecordError) {
    text = try fields.text("text")
    let spaces = try fields.integer("spaces")
    guard spaces <= Self.largest, text.utf8.count <= Self.largest else { throw .field("spaces") }
    self.spaces = Int(spaces)
  }

  /// The whole note again, byte for byte: what its signature is over.
  public var encoded: [UInt8] {
    get throws(RecordError) {
      let bytes = Array(text.utf8)
      // The text ends at its last empty line; the spaces stood before the newline that closes its one line of JSON.
      guard
        let end = bytes.indices.dropLast().last(where: { bytes[$0] == newline && bytes[$0 + 1] == newline })
      else { throw .kind(expected: .drop) }
      return bytes[..<end] + [UInt8](repeating: UInt8(ascii: " "), count: spaces) + bytes[end...]
    }
  }
}
