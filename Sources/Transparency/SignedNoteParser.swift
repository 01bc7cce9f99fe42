import Sodium

extension SignedNote {
  /// Reads a whole note.
  ///
  /// Refuses what is not UTF-8, control characters, a note without a signature line, a signature line in any other than
  /// its canonical spelling, more than 16 of them, and whatever follows them.
  public init(parsing bytes: Span<UInt8>) throws(NoteError) {
    guard bytes.count <= Self.textLimit + 1 + Self.signatureLimit * NoteSignature.lineLimit else {
      throw .tooLarge
    }
    try Self.checkCharacters(bytes)
    guard let end = Self.endOfText(bytes) else { throw .noSignatures }
    guard end <= Self.textLimit else { throw .tooLarge }
    self.init(
      text: bytes.extracting(first: end).copy(),
      signatures: try Self.signatures(bytes.extracting(droppingFirst: end + 1)))
  }

  /// Where the text ends: just before the last empty line. The text itself may hold empty lines.
  private static func endOfText(_ bytes: Span<UInt8>) -> Int? {
    var index = bytes.count - 1
    while index > 0 {
      if bytes[index] == newline, bytes[index - 1] == newline { return index }
      index -= 1
    }
    return nil
  }

  private static func signatures(_ bytes: Span<UInt8>) throws(NoteError) -> [NoteSignature] {
    var signatures: [NoteSignature] = []
    var start = 0
    for index in bytes.indices where bytes[index] == newline {
      guard signatures.count < signatureLimit else { throw .tooManySignatures }
      guard let signature = NoteSignature(parsing: bytes.extracting(start..<index)) else {
        throw .malformedSignature(line: signatures.count + 1)
      }
      signatures.append(signature)
      start = index + 1
    }
    guard start == bytes.count else { throw .malformedSignature(line: signatures.count + 1) }
    guard !signatures.isEmpty else { throw .noSignatures }
    return signatures
  }
}
