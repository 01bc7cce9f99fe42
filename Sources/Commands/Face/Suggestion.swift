import ArgumentParser
import Platform

/// What a mistyped verb was probably meant to be: the parser suggests options, not verbs.
enum Suggestion {
  /// The whole message for an unknown verb; nil where the verb is known, or help is asked for.
  static func forUnknownVerb(_ arguments: [String]) -> Complaint? {
    guard let verb = arguments.first, verb.utf8.first != UInt8(ascii: "-") else { return nil }
    let verbs = Root.configuration.groupedSubcommands.flatMap(\.subcommands)
    let names = verbs.map { $0._commandName } + ["help"]
    guard let known = verbs.first(where: { $0._commandName == verb }) else {
      return names.contains(verb) ? nil : message(verb, among: names)
    }
    let nouns = known.configuration.subcommands.map { $0._commandName }
    guard !nouns.isEmpty, arguments.count > 1, arguments[1].utf8.first != UInt8(ascii: "-") else { return nil }
    return nouns.contains(arguments[1]) ? nil : message("\(verb) \(arguments[1])", among: nouns.map { "\(verb) \($0)" })
  }

  private static func message(_ typed: String, among names: [String]) -> Complaint {
    let near = names.map { ($0, distance(typed, $0)) }.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
    let shown = PathBytes(typed).description
    let hint = near.map { "did you mean: \(Program.name) \($0)" } ?? "all verbs: \(Program.name) --help"
    return Complaint("usage: there is no verb '\(shown)'", hint: hint, exit: .usage)
  }

  /// Levenshtein's distance between two words.
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (i, letter) in left.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (letter == other ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
