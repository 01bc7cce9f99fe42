import Sodium
import Testing

@testable import Record

struct SearchTextTests {
  static let russian = """
    Раньше в этом здании была школа-интернат.
    По количеству хлеба, который я привозил, я думаю, что там было около четырёхсот человек; это мой подсчёт.
    """
  static let kazakh = """
    Бірінші қыстан кейін ғимараттың айналасына екінші қоршау тұрғызылды. Мамырдың бір түнінде мені шақырды.
    """
  static let uyghur = "مەن سارىمقاش كەنتىدىكى مەكتەپتە ئون بىر يىل ماتېماتىكا ئوقۇتتۇم."
  static let chinese = "他们开车带我走了大约两个小时，来到一栋被两道铁丝网围住的楼房。我被审问了四次。"
  static let english = "The FENCE was built after the first winter; I don’t know its height."

  static func finds(_ words: String..., in text: String) throws -> Bool {
    try #require(SearchQuery(words)).isFound(in: Folding.fold(text).span)
  }

  @Test func findsWordsInEveryScript() throws {
    #expect(try Self.finds("ЧЕТЫРЕХСОТ", "хлеба", in: Self.russian))
    #expect(try Self.finds("четырёхсот", "подсчет", in: Self.russian))
    #expect(try Self.finds("школа-интернат", in: Self.russian))
    #expect(try !Self.finds("четырехсот", "тюрьма", in: Self.russian))
    #expect(try Self.finds("ҚОРШАУ", "мамыр", in: Self.kazakh))
    #expect(try !Self.finds("коршау", in: Self.kazakh))
    #expect(try Self.finds("مەکتەپ", "یىل", in: Self.uyghur))
    #expect(try !Self.finds("ئىل", in: Self.uyghur))
    #expect(try Self.finds("审问", "两道", in: Self.chinese))
    #expect(try Self.finds("我", in: Self.chinese))
    #expect(try !Self.finds("审间", in: Self.chinese))
    #expect(try Self.finds("fence", "don't", in: Self.english))
    #expect(try Self.finds("first winter", in: Self.english))
    #expect(try !Self.finds("winter first", in: Self.english))
  }

  @Test func aQueryOfNothingIsNone() {
    #expect(SearchQuery([]) == nil)
    #expect(SearchQuery(["", " ", "\u{301}", "\u{640}\u{200D}"]) == nil)
    #expect(SearchQuery([" Aykol ", ""])?.words == [Array("aykol".utf8)])
  }

  @Test func wordsAreNotedOverSeveralTexts() throws {
    let query = try #require(SearchQuery(["fence", "审问", "absent"]))
    var found = [Bool](repeating: false, count: 3)
    query.note(in: Folding.fold(Self.english).span, &found)
    query.note(in: Folding.fold(Self.chinese).span, &found)
    #expect(found == [true, true, false])
  }

  /// The window that jumps agrees with looking everywhere.
  @Test func findsWhatLookingEverywhereFinds() throws {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 1...3, using: &random) }
      let word = (0..<Int.random(in: 1...5, using: &random)).map { _ in UInt8.random(in: 1...3, using: &random) }
      let everywhere = text.indices.first { text[$0...].starts(with: word) }
      let found = Pattern(word).first(in: text.span)
      #expect(found == everywhere)
    }
  }

  private func excerpt(_ words: [String], _ text: String, reach: Int = 20) throws -> (shown: String, match: String)? {
    let bytes = Array(text.utf8)
    guard let excerpt = Excerpt(of: try #require(SearchQuery(words)), in: bytes.span, reach: reach) else { return nil }
    #expect(excerpt.shown.lowerBound <= excerpt.match.lowerBound)
    #expect(excerpt.match.upperBound <= excerpt.shown.upperBound)
    let cut = (excerpt.isCutBefore ? "…" : "") + "|" + (excerpt.isCutAfter ? "…" : "")
    let shown = try #require(String(validating: bytes[excerpt.shown], as: UTF8.self))
    let match = try #require(String(validating: bytes[excerpt.match], as: UTF8.self))
    return (cut.replacing("|", with: shown), match)
  }

  @Test func excerptsAreOfTheOriginal() throws {
    let russian = try #require(try excerpt(["ЧЕТЫРЕХСОТ"], Self.russian))
    #expect(russian.match == "четырёхсот")
    #expect(russian.shown == "…что там было около четырёхсот человек; это мой…")
    let chinese = try #require(try excerpt(["审问"], Self.chinese, reach: 4))
    #expect(chinese.match == "审问")
    #expect(chinese.shown == "…房。我被审问了四次。")
    let accents = try #require(try excerpt(["cafe"], "le cafe\u{301} noir", reach: 3))
    #expect(accents.match == "cafe\u{301}")
    let sharp = try #require(try excerpt(["se"], "die Straße hier", reach: 40))
    #expect(sharp.match == "ße")
    #expect(sharp.shown == "die Straße hier")
    let lines = try #require(try excerpt(["two words"], "first\nhere are two \n words of it\nlast", reach: 40))
    #expect(lines.match == "two \n words")
    #expect(lines.shown == "here are two \n words of it")
    #expect(try excerpt(["absent"], Self.english) == nil)
  }

  @Test func excerptsHoldForAnyText() throws {
    var random = SeededGenerator(seed: 11)
    let alphabet = Array("aé ß\nё\u{654}يー가\u{200D}\u{F71}ﷺ  \u{301}b".unicodeScalars)
    for _ in 0..<5000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...50, using: &random) {
        if let scalar = alphabet.randomElement(using: &random) { text.append(scalar) }
      }
      let bytes = Array(String(text).utf8)
      let start = Int.random(in: 0..<text.count, using: &random)
      let word = String(String.UnicodeScalarView(text.dropFirst(start).prefix(3)))
      guard let query = SearchQuery([word]) else { continue }
      let reach = Int.random(in: 0...9, using: &random)
      // A word that begins with a mark of the letter before it is another word by itself.
      guard let found = Excerpt(of: query, in: bytes.span, reach: reach) else { continue }
      let isThere = query.isFound(in: Folding.fold(bytes.span.extracting(found.match)).span)
      #expect(isThere, "\(Array(text)) \(word)")
      #expect(found.shown.lowerBound <= found.match.lowerBound && found.match.upperBound <= found.shown.upperBound)
      #expect(String(validating: bytes[found.shown], as: UTF8.self) != nil)
    }
  }
}
