/// Why bytes are not the JSON that is read here: the place and the kind, never the content.
public struct JSONError: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Not UTF-8.
    case notUTF8
    /// The bytes end inside a value, or there are none.
    case unexpectedEnd
    /// A byte that cannot stand here.
    case unexpectedByte
    /// Something other than white space follows the value.
    case trailingBytes
    /// A number that is not written as JSON has it, such as "01", "+1" or "1.".
    case badNumber
    /// A backslash followed by what is no escape.
    case badEscape
    /// Half of a surrogate pair.
    case loneSurrogate
    /// A control character in a string that is not escaped.
    case controlCharacter
    /// A key that the object has already; the offset is that of the second.
    case repeatedKey
    /// Arrays and objects nested deeper than `JSON.depthLimit`.
    case tooDeep
    /// More values than `JSON.valueLimit`.
    case tooManyValues
  }

  /// In bytes from the start.
  public let offset: Int
  public let kind: Kind
}
