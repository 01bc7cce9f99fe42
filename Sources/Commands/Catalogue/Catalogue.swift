/// The sentences of every language. `Scripts/catalogue` writes the tables from the `.po` files in `Languages`; how they are
/// translated is said at the head of each.
enum Catalogue {
  /// What a message's key becomes, its arguments not yet in place. English where there is no translation.
  static func form(of message: Message, in language: Language) -> String {
    let form = message.count.map { language.form(for: $0.number) } ?? 0
    if let forms = table(of: language)[message.key], form < forms.count { return forms[form] }
    guard let count = message.count else { return message.key }
    return Language.english.form(for: count.number) == 0 ? message.key : count.many
  }

  static func table(of language: Language) -> [String: [String]] {
    switch language {
    case .english: [:]
    case .russian: russian
    case .kazakh: kazakh
    case .uyghur: uyghur
    case .chinese: chinese
    }
  }
}
