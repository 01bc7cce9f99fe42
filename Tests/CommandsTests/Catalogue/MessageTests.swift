import Testing

@testable import Commands

struct MessageTests {
  @Test func theKeyIsTheEnglishTextWithPlaces() {
    let message = Message("number \(4), receipt \("AB12CD")")
    #expect(message.key == "number %1, receipt %2")
    #expect("\(message)" == "number 4, receipt AB12CD")
    #expect(Message(verbatim: "100 %1").description == "100 %1")
  }

  @Test func whatNobodyTranslatedIsEnglish() {
    let message = Message("a sentence that no catalogue has, with \(1)")
    for language in Language.allCases {
      #expect(message.text(in: language) == "a sentence that no catalogue has, with 1")
      let count = Message(count: 2, one: "%1 horse", many: "%1 horses")
      #expect(count.text(in: language) == "2 horses")
    }
    #expect(Message(count: 1, one: "%1 horse", many: "%1 horses").text(in: .russian) == "1 horse")
  }

  @Test func argumentsGoWhereTheLanguageWantsThem() {
    let message = Message("seals  notes to counsel; a source's name to \(2) of \(3) custodians")
    #expect(message.text(in: .russian).hasSuffix("нужны 2 из 3"))
    // Chinese names the whole first.
    #expect(message.text(in: .chinese).hasSuffix("给 3 名保管人，需其中 2 名"))
  }

  @Test(arguments: [
    (1, "1 заметка"), (3, "3 заметки"), (5, "5 заметок"), (11, "11 заметок"), (21, "21 заметка"), (0, "0 заметок"),
  ])
  func russianCounts(_ number: Int, _ expected: String) {
    #expect(Amounts.notes(number).text(in: .russian) == expected)
  }

  @Test func aMessageInAMessageIsInTheSameLanguage() {
    let message = Message("would remove \(Amounts.notes(2))")
    #expect(message.description == "would remove 2 notes")
    #expect(message.text(in: .russian) == "было бы удалено: 2 заметки")
  }

  /// An argument that looks like a place is none.
  @Test func argumentsAreNotReadAgain() { #expect(Message("no \("%2") but \("x")").description == "no %2 but x") }
}
