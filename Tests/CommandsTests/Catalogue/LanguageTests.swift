import Testing

@testable import Commands

struct LanguageTests {
  @Test(
    arguments: [
      ("en", .english), ("ru", .russian), ("kk", .kazakh), ("ug", .uyghur), ("zh", .chinese), ("ru_RU.UTF-8", .russian),
      ("zh-CN", .chinese), ("ug_CN@latin", .uyghur), ("KK", .kazakh), ("C", .english), ("C.UTF-8", .english),
      ("POSIX", .english), ("", .english), ("tlh", .english), ("rus", .english), ("../ru", .english),
    ] as [(String, Language)])
  func whatAVariableNames(_ text: String, _ expected: Language) { #expect(Language(named: text) == expected) }

  @Test(
    arguments: [
      (.english, [1: 0, 0: 1, 2: 1, 11: 1, 21: 1]), (.kazakh, [1: 0, 0: 1, 5: 1]), (.uyghur, [1: 0, 0: 1, 5: 1]),
      (.chinese, [1: 0, 0: 0, 5: 0]),
      (
        .russian,
        [
          1: 0, 21: 0, 101: 0, 1001: 0, 2: 1, 4: 1, 22: 1, 104: 1, 0: 2, 5: 2, 11: 2, 12: 2, 14: 2, 20: 2, 111: 2,
          112: 2,
        ]
      ),
    ] as [(Language, [Int: Int])])
  func pluralsFollowTheRule(_ language: Language, _ forms: [Int: Int]) {
    for (number, form) in forms { #expect(language.form(for: number) == form, "\(language) \(number)") }
  }
}
