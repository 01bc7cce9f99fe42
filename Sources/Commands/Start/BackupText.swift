import Sodium
import TestimonyVault

/// Cards of a paper backup as plain text, ASCII only: for a file, a printer, or the terminal.
enum BackupText {
  /// All cards, with everything that stands on them, one after another.
  static func whole(_ sheets: [BackupSheet]) -> Secret {
    var text = SecretWriter(capacity: 4096 * sheets.count)
    for sheet in sheets {
      text.append(String(repeating: "-", count: 76) + "\n\(sheet.title)\n\n")
      for fact in sheet.facts { text.append(padded(fact.label, to: 17) + fact.value + "\n") }
      text.append("\n" + wrapped(sheet.warning) + "\n")
      append(sheet, columns: 3, to: &text)
      for note in sheet.notes { text.append("\n" + wrapped(note)) }
    }
    text.append(String(repeating: "-", count: 76) + "\n")
    return text.finish()
  }

  /// One card as it is copied from the screen: its title, its words and its check code.
  static func short(_ sheet: BackupSheet, width: Int) -> Secret {
    var text = SecretWriter(capacity: 1024)
    text.append("\(sheet.title)\n\n")
    append(sheet, columns: max(1, min(3, (width - 2) / columnWidth)), to: &text)
    text.append("\ncheck code  \(sheet.card.code)\n")
    return text.finish()
  }

  private static let columnWidth = 16

  /// Numbered words, in rows.
  private static func append(_ sheet: BackupSheet, columns: Int, to text: inout SecretWriter) {
    sheet.forEachWord { number, word in
      text.append((number < 10 ? "   " : "  ") + "\(number) ")
      text.append(word)
      let isEnd = number % columns == 0 || number == PaperBackup.wordsOnACard
      text.append(isEnd ? "\n" : String(repeating: " ", count: max(1, columnWidth - 5 - word.count)))
    }
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.utf8.count))
  }

  /// Lines of at most 76 letters, each ended.
  static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.utf8.count + 1 + word.utf8.count <= 76 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
