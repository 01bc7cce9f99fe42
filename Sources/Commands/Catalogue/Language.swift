import ArgumentParser
import Platform

/// A language of the catalogue, by its code (ISO 639-1).
enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case russian = "ru"
  case kazakh = "kk"
  case uyghur = "ug"
  case chinese = "zh"

  static let codes = allCases.map(\.rawValue)

  /// Which form a number takes, as `Plural-Forms` in the language's file says.
  func form(for number: Int) -> Int {
    switch self {
    case .english, .kazakh, .uyghur: return number == 1 ? 0 : 1
    case .russian:
      let (one, two) = (number % 10, number % 100)
      if one == 1, two != 11 { return 0 }
      return (2...4).contains(one) && !(12...14).contains(two) ? 1 : 2
    case .chinese: return 0
    }
  }

  /// The language that a variable or a kit names: `ru`, or a locale as `ru_RU.UTF-8`. What we do not have is English.
  init(named text: String) {
    let code = text.prefix { $0.isLetter }.lowercased()
    self = Self(rawValue: code) ?? .english
  }

  /// What `TESTIMONY_LANG` says, before which no kit counts.
  static var demanded: Language? { value("TESTIMONY_LANG").map { Language(named: $0) } }

  /// The language until a kit is unlocked: as demanded, else the locale's, in the order of POSIX.
  static var ofEnvironment: Language {
    if let demanded { return demanded }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { value($0) }.first
    return locale.map { Language(named: $0) } ?? .english
  }

  /// An empty variable is none.
  private static func value(_ variable: String) -> String? {
    Environment.value(variable).flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension ValidationError {
  /// The parser speaks before any kit is unlocked, and hands the text on as a part of its own.
  init(usage message: Message) { self.init(message.text(in: .ofEnvironment)) }
}
