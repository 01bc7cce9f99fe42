/// Why bytes are not a signed note, or why a note is not believed: the place and the kind, never the content.
public enum NoteError: Error, Equatable, Sendable {
  /// The text, or the whole note, is larger than `SignedNote` takes.
  case tooLarge
  /// The byte at `offset` begins something that is not UTF-8.
  case notUTF8(offset: Int)
  /// A control character other than newline stands at `offset`, in bytes.
  case controlCharacter(offset: Int)
  /// No empty line separates a text from signature lines.
  case noSignatures
  /// The text does not end in a newline.
  case unterminatedText
  /// Signature line `line`, counted from 1, is not "— name base64", or something else follows the signatures.
  case malformedSignature(line: Int)
  /// More than `SignedNote.signatureLimit` signature lines.
  case tooManySignatures
  /// A key name is empty, or holds a space, a plus sign or a control character.
  case malformedName
  /// Signature line `line` claims a known key, and that key did not sign this text.
  case badSignature(line: Int)
  /// Signature line `line` is a second one of the same known key.
  case repeatedSigner(line: Int)
  /// None of the known keys has signed.
  case notSigned
}
