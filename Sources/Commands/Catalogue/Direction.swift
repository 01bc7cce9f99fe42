/// How a sentence keeps its direction (Unicode's bidirectional algorithm, UAX #9): the catalogue puts each argument into an
/// isolate of its own, and has each line begin from the right.
enum Direction {
  private static let (leftToRight, firstStrong, end): (Unicode.Scalar, Unicode.Scalar, Unicode.Scalar) =
    ("\u{2066}", "\u{2068}", "\u{2069}")
  private static let rightToLeftMark: Unicode.Scalar = "\u{200f}"

  /// An argument that cannot turn what stands around it.
  ///
  /// Whoever hands it over has made it visible already; this is the second fence. Pairs of U+2068 and U+2069 stay: the
  /// face puts them around foreign words on a terminal.
  static func harmless(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    let isPaired = isPaired(text)
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isKept = isPaired && (scalar == firstStrong || scalar == end)
      if isControl(scalar), !isKept {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// In a sentence from right to left: codes, numbers and commands from left to right, foreign words by their first letter.
  static func isolated(_ text: String) -> String {
    if text.isEmpty { return text }
    let start = text.utf8.allSatisfy { $0 < 0x80 } ? leftToRight : firstStrong
    return "\(start)\(harmless(text))\(end)"
  }

  /// A line whose first letter is a Latin one would count as one from left to right: a mark leads it.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      beginsInLatin(line) ? "\(rightToLeftMark)\(line)" : String(line)
    }.joined(separator: "\n")
  }

  private static func beginsInLatin(_ line: Substring) -> Bool {
    line.unicodeScalars.first { $0.properties.isAlphabetic }.map { !isRightToLeft($0) } ?? false
  }

  /// Hebrew, Arabic and their neighbours, with the forms for presentation.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x8ff, 0xfb1d...0xfdff, 0xfe70...0xfefc, 0x10800...0x10fff, 0x1e800...0x1efff: true
    default: false
    }
  }

  private static func isPaired(_ text: String) -> Bool {
    var depth = 0
    for scalar in text.unicodeScalars {
      if scalar == firstStrong { depth += 1 }
      if scalar == end { depth -= 1 }
      if depth < 0 { return false }
    }
    return depth == 0
  }

  /// Unicode's Bidi_Control.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}

extension Language {
  var isRightToLeft: Bool { self == .uyghur }
}
