import Testing

@testable import Commands

struct DirectionTests {
  @Test func uyghurIsolatesItsArguments() {
    let message = Message("received  \("mill/رەسىم.jpg")  counsel \(2) has \(Message("number \("1, 2")"))")
    let written = message.written(in: .uyghur)
    #expect(written.contains("\u{2068}mill/رەسىم.jpg\u{2069}"))
    #expect(written.contains("\u{2066}2\u{2069}") && written.contains("\u{2066}1, 2\u{2069}"))
    #expect(Self.isBalanced(written))
    // JSON has no marks, and other languages need none.
    #expect(!message.text(in: .uyghur).unicodeScalars.contains { (0x2066...0x2069).contains($0.value) })
    #expect(message.written(in: .russian) == message.text(in: .russian))
  }

  @Test func aLineThatBeginsInLatinIsLedFromTheRight() {
    #expect(Message(verbatim: "kit check").written(in: .uyghur) == "\u{200f}\u{2066}kit check\u{2069}")
    #expect(Direction.lines("سۆز kit\nkit سۆز\n1 سۆز") == "سۆز kit\n\u{200f}kit سۆز\n1 سۆز")
  }

  @Test(arguments: ["\u{202e}", "\u{202a}", "\u{2066}", "\u{2067}", "\u{2069}", "\u{2068}", "\u{200f}", "\u{61c}"])
  func foreignControlsStayVisible(_ control: String) {
    let message = Message("\("photo\(control)gpj.exe") is not a kit")
    for language in Language.allCases {
      let written = message.written(in: language)
      #expect(Self.isBalanced(written))
      let value = control.unicodeScalars.first.map { String($0.value, radix: 16) } ?? ""
      #expect(written.contains("photo\\u{\(value)}gpj.exe"), "\(written.debugDescription)")
    }
  }

  /// What the face isolated on a terminal stays isolated, once.
  @Test func isolatedWordsStay() {
    #expect(Direction.harmless("\u{2068}é\u{2069}") == "\u{2068}é\u{2069}")
    #expect(Direction.harmless("\u{2069}é\u{2068}") == "\\u{2069}é\\u{2068}")
  }

  static func isBalanced(_ text: String) -> Bool {
    var depth = 0
    for scalar in text.unicodeScalars {
      if (0x2066...0x2068).contains(scalar.value) { depth += 1 }
      if scalar.value == 0x2069 { depth -= 1 }
      if scalar == "\n", depth != 0 { return false }
      if depth < 0 { return false }
    }
    return depth == 0
  }
}
