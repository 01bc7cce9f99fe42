internal import Glibc

/// How many columns text takes on a terminal.
public enum TextWidth {
  /// The sum of wcwidth(3) under `C.UTF-8`, whatever the user's locale is. Control characters count 0: escape
  /// them first.
  public static func columns(_ text: String) -> Int {
    guard let locale else { return text.unicodeScalars.reduce(0) { $0 + estimate($1) } }
    let previous = unsafe uselocale(locale.handle)
    defer { unsafe _ = uselocale(previous) }
    return text.unicodeScalars.reduce(0) { $0 + max(0, Int(linuxWcwidth($1.value))) }
  }

  /// Never freed, never changed, so that all threads may use it.
  @safe private struct Locale: @unchecked Sendable {
    let handle: locale_t
  }

  private static let locale: Locale? = {
    guard let handle = unsafe newlocale(Int32(1 << LC_CTYPE), "C.UTF-8", nil) else { return nil }
    return unsafe Locale(handle: handle)
  }()

  /// For a system without `C.UTF-8`: marks take no column, the wide blocks of East Asia two.
  static func estimate(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return 0 }
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
