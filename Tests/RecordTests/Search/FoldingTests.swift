import Foundation
import Testing

@testable import Record

struct FoldingTests {
  static func fold(_ text: String) -> String { String(decoding: Folding.fold(text), as: UTF8.self) }

  @Test(arguments: [
    // Case, accents, precomposed or not; ligatures, full width, quotes, dashes.
    ("Testimony TESTIMONY", "testimony testimony"), ("Café Cafe\u{301} CAFÉ", "cafe cafe cafe"),
    ("Straße STRASSE", "strasse strasse"), ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
    ("ﬁle Ｆｉｌｅ　１２", "file file 12"), ("don’t don't donʼt", "don't don't don't"), ("a—b a–b a-b", "a-b a-b a-b"),
    ("ΣΊΣΥΦΟΣ σίσυφος ᾳ α\u{345}", "σισυφοσ σισυφοσ α α"), ("Łódź Søren", "łodz søren"),
    // Russian: ё and й lose their marks. Kazakh: its own letters stay.
    ("Ёлка ЁЛКА е\u{308}лка Елка", "елка елка елка елка"), ("Мой МОЙ", "мои мои"),
    ("Қазақ ҚЫЗЫМ Айгүл Өң һәм", "қазақ қызым аигүл өң һәм"), ("Қоршау ≠ Коршау", "қоршау = коршау"),
    // Chinese: as it is, two letters too; full-width punctuation becomes ASCII, and so do digits.
    ("审问，围栏１２", "审问,围栏12"), ("豈\u{F900}", "豈豈"), ("㈱", "(株)"),
    // Hangul: into its letters, composed or not. Kana keep their voicing.
    ("각", "\u{1100}\u{1161}\u{11A8}"), ("가\u{11A8}", "\u{1100}\u{1161}\u{11A8}"),
    ("が ｶﾞ", "か\u{3099} カ\u{3099}"),
    // Tibetan and Thai: vowels are letters, tone marks too, and stand in one order.
    ("བོད་", "བོད་"), ("ส\u{E49}\u{E38} ส\u{E38}\u{E49}", "ส\u{E38}\u{E49} ส\u{E38}\u{E49}"), ("हिन्दी १२", "हिन्दी 12"),
    // White space; what is not seen.
    (" a\u{A0}\t\n\r b\u{3000}", " a b "), ("cam\u{AD}p te\u{200B}st\u{FEFF}", "camp test"),
    ("\u{202E}abc\u{202C}\u{2066}d\u{2069}", "abcd"),
  ])
  func folds(_ text: String, _ folded: String) {
    #expect(Self.fold(text).unicodeScalars.elementsEqual(folded.unicodeScalars), "\(Self.fold(text))")
  }

  @Test(arguments: [
    ("أحمد إحمد آحمد ٱحمد احمد", "احمد"), ("مَدْرَسَةٌ مدرسة مدرسه مـدرسـه", "مدرسه"), ("على علي علی", "علي"),
    ("كتاب کتاب ڪتاب", "كتاب"), ("خانۀ خانهٔ خانه خانە\u{654}", "خانه"), ("ہم هم ھم", "هم"),
    ("مسؤول مسوول", "مسوول"), ("ﻣﺪﺭﺳﺔ", "مدرسه"), ("ﻻ لا", "لا"),
    ("٢٠١٧ ۲۰۱۷ 2017", "2017"), ("می\u{200C}خواهم میخواهم", "ميخواهم"),
    // Uyghur: what begins a word with a vowel, composed or not; ھ by any key.
    ("ئۇيغۇر ي\u{654}ۇيغۇر ی\u{654}ۇيغۇر ﯾٔۇيغۇر", "ئۇيغۇر"), ("ھەم هەم", "هەم"),
  ])
  func arabicWritingsAreOne(_ texts: String, _ folded: String) {
    for text in texts.split(separator: " ") {
      let result = Self.fold(String(text))
      #expect(result.unicodeScalars.elementsEqual(folded.unicodeScalars), "\(text): \(result)")
    }
  }

  /// Words that only a careless folding takes for one another.
  @Test(arguments: [
    ("ئەر", "يەر"), ("ئات", "يات"), ("ئۈز", "ئۇز"), ("قوي", "قۇي"), ("ھەم", "ھىم"), ("بەش", "بېش"), ("қол", "кол"),
    ("بىلەن", "بىلىن"), ("か", "が"), ("กิน", "กน"), ("བོད", "བད"), ("审问", "审间"),
  ])
  func otherWordsStayOthers(_ one: String, _ other: String) {
    #expect(Folding.fold(one) != Folding.fold(other))
  }

  @Test func bytesThatAreNoTextBecomeTheReplacementCharacter() {
    let bytes: [UInt8] = [0x41, 0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xD0]
    let folded = Folding.fold(bytes.span)
    #expect(String(decoding: folded, as: UTF8.self) == "a" + String(repeating: "\u{FFFD}", count: 7))
  }

  @Test func everyCharacterFoldsToItsFoldedSelf() {
    var changed = 0
    var unstable: [UInt32] = []
    // Beyond these there are only ideographs, private characters and tags.
    for point in Array(UInt32(0)...0x2FFFF) + Array(UInt32(0xE0000)...0xE01FF) {
      guard let scalar = Unicode.Scalar(point) else { continue }
      let text = "x" + String(Character(scalar)) + "x"
      let once = Folding.fold(text)
      if once != Array(text.utf8) { changed += 1 }
      if Folding.fold(once.span) != once { unstable.append(point) }
    }
    #expect(unstable.isEmpty)
    // The table is there, and Hangul is taken apart.
    #expect(changed > 19_000)
  }

  @Test func foldingTwiceChangesNothingInMixedText() {
    var random = SeededGenerator(seed: 4)
    let alphabet = Array(
      "aZé ё\u{306}й\u{654}يیەه\u{6D5}\u{64E}ئـ\u{200C}가\u{1161}\u{11A8}か\u{3099}\u{E38}\u{E49}\u{F72}\u{F71}ß\u{345}审\n\t\u{A8}\u{93C}\u{94D}\u{F73}"
        .unicodeScalars)
    for _ in 0..<3000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...80, using: &random) {
        if let scalar = alphabet.randomElement(using: &random) { text.append(scalar) }
      }
      let once = Folding.fold(String(text))
      let twice = Folding.fold(once.span)
      #expect(twice == once)
      // What means the same to Unicode is the same here.
      #expect(Folding.fold(String(text).decomposedStringWithCanonicalMapping) == once, "\(Array(text))")
      #expect(Folding.fold(String(text).precomposedStringWithCanonicalMapping) == once, "\(Array(text))")
    }
  }

  @Test func anyBytesFoldToText() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let once = Folding.fold(bytes.span)
      #expect(String(validating: once, as: UTF8.self) != nil)
      let twice = Folding.fold(once.span)
      #expect(twice == once)
    }
  }

  @Test func aRunOfMarksCostsNoMoreThanItsLength() {
    // Each would have to go before all others, were the run sorted whole.
    let marks = (0..<40_000).map { $0.isMultiple(of: 2) ? "\u{F72}" : "\u{F71}" }.joined()
    let start = ContinuousClock.now
    _ = Folding.fold("བ" + marks)
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  /// The table is what the script makes of this machine's Unicode, as far as the versions agree.
  @Test func theTableIsTheScripts() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", root.appending(path: "Scripts/folding-table").path, "--check",
      root.appending(path: "Sources/Record/Search/FoldingTable.swift").path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
