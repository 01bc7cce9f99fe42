import Foundation
import Testing

/// The cards that `key backup` writes, as lines of words.
struct PaperCards {
  let lines: [String]
  let codes: [String]

  /// Has cards made of a key of the office.
  static func of(_ name: String, _ numbers: String = "2 of 3", in folder: URL) throws -> PaperCards {
    let outcome = try Binary.run(
      ["key", "backup", "--as", name, "--passphrase-file", "pw", "--shares"]
        + numbers.split(separator: " ").map(String.init),
      in: folder)
    try #require(outcome.exit == 0, "\(outcome.err)")
    return PaperCards(printed: outcome.out)
  }

  /// What is printed: numbers and words, in rows.
  init(printed text: String) {
    let rows = text.split(separator: "\n").filter { $0.wholeMatch(of: /(?: +\d+ [a-z]+)+ */) != nil }
    let words = rows.flatMap { $0.split(separator: " ") }.filter { $0.first?.isLetter ?? false }.map(String.init)
    lines = stride(from: 0, to: words.count, by: 33).map {
      words[$0..<min($0 + 33, words.count)].joined(separator: " ")
    }
    codes = text.matches(of: /check code  +(K-\S+)/).map { String($0.1) }
  }

  func words(_ card: Int) -> [String] { lines[card - 1].split(separator: " ").map(String.init) }
}
