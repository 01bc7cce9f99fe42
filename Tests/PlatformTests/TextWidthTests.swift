import Testing

@testable import Platform

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("维吾尔", 6), ("e\u{301}", 1), ("\u{e9}", 1), ("ئۇيغۇر", 6), ("한국", 4), ("ｆｕ", 4),
    ("a\u{200b}b", 2), ("\u{1b}[2J", 3),
  ])
  func columns(text: String, width: Int) {
    #expect(TextWidth.columns(text) == width)
    #expect(text.unicodeScalars.reduce(0) { $0 + TextWidth.estimate($1) } == width)
  }
}
