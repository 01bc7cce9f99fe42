/// What `Visible` must know of scripts. The standard library has no script property, so these are ranges of blocks.
enum Script {
  /// Whether a joiner between these two does a script's work: both are letters or marks of one script in which joiners
  /// change how letters are drawn. Elsewhere, and beside another joiner, it is only hidden.
  static func joins(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
    guard let before, let after, isLetterOrMark(before), isLetterOrMark(after) else { return false }
    guard let script = joiningScript(before) else { return false }
    return joiningScript(after) == script
  }

  /// Whether both are emoji, or what may stand within one. ASCII digits are emoji to Unicode; not here.
  static func areEmoji(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
    guard let before, let after else { return false }
    return [before, after].allSatisfy { ($0.properties.isEmoji && !$0.isASCII) || $0.value == 0xFE0F }
  }

  static func isMongolianLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x1820...0x18AA).contains(scalar.value)
  }

  /// Signs that enclose the digits after them, such as U+06DD: format characters that are seen.
  static func isPrependedMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD: true
    default: false
    }
  }

  private static func isLetterOrMark(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark: return true
    default: return false
    }
  }

  /// A number for each script with joiners, by its blocks: the first code point of the first.
  private static func joiningScript(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar.value {
    case 0x0600...0x06FF, 0x0750...0x077F, 0x0860...0x08FF, 0xFB50...0xFDFF, 0xFE70...0xFEFF: 0x0600
    case 0x0700...0x074F: 0x0700  // Syriac
    case 0x07C0...0x07FF: 0x07C0  // N'Ko
    case 0x0900...0x0DFF: 0x0900 + (scalar.value - 0x0900) / 0x80 * 0x80  // Devanagari to Sinhala, 128 each
    case 0x1000...0x109F: 0x1000  // Myanmar
    case 0x1780...0x17FF: 0x1780  // Khmer
    case 0x1800...0x18AF: 0x1800  // Mongolian
    default: nil
    }
  }
}
