/// Foreign text made safe to print on a terminal.
///
/// Whatever acts without being seen is written out as `\u{…}`: control characters (newlines too, so the caller splits
/// lines first), escapes, bidi marks, overrides, embeddings and isolates, zero-width and other invisible characters,
/// private and unassigned ones, line separators, and a mark with nothing to sit on. A backslash that would begin such a
/// `\u{` is written out as well, so that no text can pretend. All else stays as it is.
///
/// Kept is what writing needs and what can do no harm where it stands: the joiners U+200C and U+200D between two
/// characters of one script that joins (Persian, Uyghur, Indic and others), U+200D and U+FE0F in emoji, and Mongolian's
/// variation selectors after a Mongolian letter.
public enum Visible {
  /// `text` with nothing in it that acts unseen.
  public static func line(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let before = index > 0 ? scalars[index - 1] : nil
      let after = index + 1 < scalars.count ? scalars[index + 1] : nil
      let beginsEscape =
        scalar == "\\" && after == "u" && index + 2 < scalars.count && scalars[index + 2] == "{"
      if !beginsEscape, isSafe(scalar, before: before, after: after) {
        output.append(scalar)
      } else {
        output.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      }
    }
    return String(output)
  }

  /// `line(text)` between U+2068 and U+2069, so that its direction does not reach the words around it. It cannot close
  /// the isolate itself: `line` writes U+2069 out.
  public static func isolated(_ text: String) -> String {
    "\u{2068}\(line(text))\u{2069}"
  }

  private static func isSafe(
    _ scalar: Unicode.Scalar, before: Unicode.Scalar?, after: Unicode.Scalar?
  ) -> Bool {
    if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
    switch scalar.value {
    case 0x200C: return Script.joins(before, after)
    case 0x200D: return Script.joins(before, after) || Script.areEmoji(before, after)
    case 0xFE0F: return Script.areEmoji(before, before)
    case 0x180B...0x180F: return before.map(Script.isMongolianLetter) ?? false
    case 0x2800: return false  // a braille pattern without dots: as wide as a letter, and nothing to see
    case _ where Script.isPrependedMark(scalar): return true
    default: break
    }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      return false
    case .nonspacingMark, .spacingMark, .enclosingMark:
      return before.map { $0 != " " && $0.value >= 0x20 } ?? false
    default:
      return true
    }
  }
}
