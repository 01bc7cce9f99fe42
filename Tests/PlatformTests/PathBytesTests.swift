import Testing

@testable import Platform

@Suite struct PathBytesTests {
  @Test(arguments: [
    ("/a/b/", "b", "/a"), ("a", "a", "."), ("/a", "a", "/"), ("/", "/", "/"), ("", "", "."),
    ("a//b//", "b", "a"),
    ("//a", "a", "/"), ("../..", "..", ".."),
  ])
  func partsOfAPath(path: String, last: String, parent: String) {
    #expect(PathBytes(path).last == PathBytes(last))
    #expect(PathBytes(path).parent == PathBytes(parent))
  }

  @Test func appending() {
    #expect(PathBytes("a").appending("b") == "a/b")
    #expect(PathBytes("a/").appending("b") == "a/b")
    #expect(PathBytes("/").appending("b") == "/b")
    #expect(PathBytes("").appending("b") == "b")
    #expect(PathBytes("a").appending("/b") == "/b")
  }

  @Test func equalMeansEqualBytes() {
    #expect("\u{e9}" == "e\u{301}")
    #expect(PathBytes("\u{e9}") != PathBytes("e\u{301}"))
    #expect(PathBytes("caf\u{e9}").hashValue != PathBytes("cafe\u{301}").hashValue)
  }

  /// Every byte, alone and in a hostile neighbourhood, survives the way through text.
  @Test func textAndBytesAreInverse() {
    var samples: [[UInt8]] = (0...255).map { [UInt8($0)] } + (0...255).map { [0xE2, 0x82, UInt8($0), 0x41] }
    samples += [
      [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
      Array("\u{10FFFF}\u{10FF80}".utf8),
    ]
    var state: UInt64 = 1
    for _ in 0..<2000 {
      samples.append(
        (0..<12).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return [0x41, 0xC3, 0xA9, 0xF4, 0x8F, 0xBF, 0xBE, 0x80, 0xED, 0xFF, 0xE2, 0x00][
            Int(state >> 33) % 12]
        })
    }
    for bytes in samples {
      #expect(PathBytes(PathBytes(bytes: bytes).text).bytes == bytes)
    }
    #expect(
      Set(samples.map { Array(EscapedText.text($0).unicodeScalars.map(\.value)) }).count == Set(samples).count
    )
  }

  @Test(arguments: [
    ("plain", "plain"), ("Уйғур 维吾尔 ئۇيغۇر", "Уйғур 维吾尔 ئۇيغۇر"), ("\u{1b}[2J", "\\x1b[2J"),
    ("a\nb\u{7f}", "a\\x0ab\\x7f"),
    ("\u{202e}gpj", "\\u{202e}gpj"), ("\u{2066}\u{200b}\u{feff}\u{ad}", "\\u{2066}\\u{200b}\\u{feff}\\u{ad}"),
    ("\u{85}\u{2028}", "\\u{85}\\u{2028}"), ("a\\x1b", "a\\\\x1b"),
    ("\u{a0}\u{3164}\u{e0041}", "\\u{a0}\\u{3164}\\u{e0041}"),
  ])
  func aNameIsSafeToPrint(name: String, shown: String) {
    #expect(PathBytes(name).description == shown)
  }

  @Test func invalidBytesAreShown() {
    #expect(PathBytes(bytes: [0x61, 0xFF, 0xC0, 0x80, 0xC3, 0xA9]).description == "a\\xff\\xc0\\x80\u{e9}")
  }
}
