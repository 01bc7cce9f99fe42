import Record
import Testing

@Suite struct VisibleTests {
  @Test(arguments: [
    "plain text, 1 < 2 & \"so\" on ~", "", "سىز قانداق؟", "ئۇيغۇرچە", "مَرْحَبًا", "שָׁלוֹם", "中文字符　全角", "日本語",
    "한국어",
    "Nguyễn", "e\u{301}", "हिन्दी", "क्\u{200D}ष", "می\u{200C}خواهم", "👩\u{200D}👧", "❤\u{FE0F}", "👍🏽", "ᠮᠣᠩᠭᠣᠯ",
    "ᠠ\u{180B}",
    "a\u{A0}b", "C:\\users", "\\u", "\\\\", "½ € “x”", "\u{6DD}١",
  ])
  func textOfAnyScriptStaysAsItIs(text: String) {
    #expect(Array(Visible.line(text).unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(
    arguments: [
      ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("a\u{9B}31m", "a\\u{9b}31m"),
      ("a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"),
      ("\r\n", "\\u{d}\\u{a}"), ("\u{0}\u{7F}\u{85}", "\\u{0}\\u{7f}\\u{85}"),
      ("a\u{202E}cod.exe", "a\\u{202e}cod.exe"),
      ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"), ("\u{200E}\u{200F}\u{61C}", "\\u{200e}\\u{200f}\\u{61c}"),
      ("a\u{200B}b", "a\\u{200b}b"), ("a\u{AD}b", "a\\u{ad}b"), ("\u{FEFF}a", "\\u{feff}a"),
      ("a\u{2060}b", "a\\u{2060}b"),
      ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"), ("a\u{34F}b", "a\\u{34f}b"),
      ("a\u{3164}b", "a\\u{3164}b"),
      ("a\u{2800}", "a\\u{2800}"), ("a\u{FE0F}", "a\\u{fe0f}"), ("1\u{FE0F}", "1\\u{fe0f}"),
      ("a\u{E0041}", "a\\u{e0041}"),
      ("a\u{E0100}", "a\\u{e0100}"), ("\u{E000}", "\\u{e000}"), ("\u{10FFFF}", "\\u{10ffff}"),
      ("\u{FFFE}", "\\u{fffe}"),
      ("\u{301}a", "\\u{301}a"), ("a \u{301}", "a \\u{301}"), ("\\u{1b}", "\\u{5c}u{1b}"),
      ("a\u{180B}", "a\\u{180b}"),
      ("a\u{FFF9}b", "a\\u{fff9}b"), ("a\u{206A}", "a\\u{206a}"),
    ] as [(String, String)])
  func whatActsUnseenIsWrittenOut(text: String, shown: String) {
    #expect(Visible.line(text) == shown)
  }

  @Test(
    arguments: [
      ("a\u{200D}b", "a\\u{200d}b"), ("a\u{200C}b", "a\\u{200c}b"), ("می\u{200C}", "می\\u{200c}"),
      ("\u{200C}می", "\\u{200c}می"),
      ("می\u{200C}\u{200C}خ", "می\\u{200c}\\u{200c}خ"), ("می\u{200C}a", "می\\u{200c}a"),
      ("م\u{200C} خ", "م\\u{200c} خ"),
      ("م\u{200C}क", "م\\u{200c}क"), ("1\u{200D}2", "1\\u{200d}2"), ("👩\u{200D}a", "👩\\u{200d}a"),
      ("क\u{200D}ক", "क\\u{200d}ক"),
      ("م\u{200D}١", "م\\u{200d}١"),
    ] as [(String, String)])
  func joinersThatJoinNothingAreWrittenOut(text: String, shown: String) {
    #expect(Visible.line(text) == shown)
  }

  @Test func theIsolateCannotBeLeft() {
    let shown = Visible.isolated("a\u{2069}\u{202E}b\n")
    #expect(Array(shown.unicodeScalars) == Array("\u{2068}a\\u{2069}\\u{202e}b\\u{a}\u{2069}".unicodeScalars))
  }

  /// Over every character there is: nothing that acts unseen passes alone, and nothing shown needs showing again.
  @Test func noCharacterActsUnseen() {
    var kept = 0
    for value in 0...0x10_FFFF as ClosedRange<UInt32> {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let line = Visible.line("a\(scalar)b")
      if line.unicodeScalars.count != 3 { continue }
      kept += 1
      let properties = scalar.properties
      let isPrepended = [
        0x600...0x605, 0x6DD...0x6DD, 0x70F...0x70F, 0x890...0x891, 0x8E2...0x8E2, 0x110BD...0x110BD,
        0x110CD...0x110CD,
      ].contains { $0.contains(Int(value)) }
      if properties.isDefaultIgnorableCodePoint || properties.isBidiControl
        || properties.generalCategory == .control
        || properties.generalCategory == .format && !isPrepended
      {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
    #expect(kept > 140_000)
  }

  @Test func differentTextsLookDifferent() {
    var generator = SeededGenerator(seed: 6)
    let parts = ["\\", "u", "{", "1b", "}", "\u{1B}", "a", "5c", "\u{5C}", "\u{200D}"]
    var seen: [String: String] = [:]
    for _ in 0..<20_000 {
      let text = (0..<5).compactMap { _ in parts.randomElement(using: &generator) }.joined()
      let shown = Visible.line(text)
      if let other = seen[shown] { #expect(other == text) }
      seen[shown] = text
    }
    #expect(seen.count > 1000)
  }
}
