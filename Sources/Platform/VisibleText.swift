/// Names of files that came from somebody else, made safe and unambiguous for a terminal. (Prose is `Record.Visible`'s.)
///
/// Control, escape, format (bidirectional overrides among them), invisible, private-use and unassigned
/// characters are written as `\x1b` or `\u{202e}`; bytes that are not UTF-8 as `\xff`. What is left cannot
/// move the cursor, reverse a line or hide.
public enum VisibleText {
  /// For a name: a backslash is doubled and only U+0020 is a space, so that different names look different.
  public static func name(_ bytes: [UInt8]) -> String {
    render(bytes)
  }

  private static func render(_ bytes: [UInt8]) -> String {
    var result = ""
    UnicodeBytes.forEach(bytes) { scalar in
      if scalar == "\\" {
        result += "\\\\"
      } else if isVisible(scalar) {
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

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      return false
    case .spaceSeparator:
      return false
    default:
      return scalar.value != 0x2800  // Braille pattern blank
    }
  }

  private static func twoDigits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
