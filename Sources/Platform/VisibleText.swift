/// Text and bytes that came from somebody else, made safe and unambiguous for a terminal.
///
/// Control, escape, format (bidirectional overrides among them), invisible, private-use and unassigned
/// characters are written as `\x1b` or `\u{202e}`; bytes that are not UTF-8 as `\xff`. What is left cannot
/// move the cursor, reverse a line or hide.
public enum VisibleText {
  /// For one line of prose: a backslash and every visible space stay as they are. Split lines first; a line
  /// feed comes out as `\x0a`.
  public static func line(_ text: String) -> String { line(EscapedText.bytes(text)) }

  /// The same for bytes that need not be UTF-8.
  public static func line(_ bytes: [UInt8]) -> String { render(bytes, isName: false) }

  /// For a name: a backslash is doubled and only U+0020 is a space, so that different names look different.
  public static func name(_ bytes: [UInt8]) -> String { render(bytes, isName: true) }

  private static func render(_ bytes: [UInt8], isName: Bool) -> String {
    var result = ""
    UnicodeBytes.forEach(bytes) { scalar in
      if isName, scalar == "\\" {
        result += "\\\\"
      } else if isVisible(scalar, isName: isName) {
        result.unicodeScalars.append(scalar)
      } else if scalar.isASCII {
        result += "\\x" + twoDigits(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    } invalid: {
      result += "\\x" + twoDigits($0)
    }
    return result
  }

  private static func isVisible(_ scalar: Unicode.Scalar, isName: Bool) -> Bool {
    if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      return false
    case .spaceSeparator:
      return !isName
    default:
      return scalar.value != 0x2800  // Braille pattern blank
    }
  }

  private static func twoDigits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
