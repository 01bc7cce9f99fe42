import Platform
import Record
import TestimonyVault

/// Questions that a kit asks its worker: a file of `name: question` lines, in any language.
enum KitForm {
  /// As many as a person answers.
  private static let most = 100

  static func read(_ file: String) throws -> [(name: String, question: String)] {
    let bytes = try HandedIn.bytes(file, atMost: 64 << 10)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw CommandError.kitForm(file, line: 1) }
    var form: [(name: String, question: String)] = []
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (place, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        throw CommandError.kitForm(file, line: place + 1)
      }
      let name = String(decoding: Array(line[..<colon]), as: UTF8.self)
      let question = String(decoding: Array(line[line.index(after: colon)...].drop { $0 == 0x20 }), as: UTF8.self)
      guard (try? PersonName(name)) != nil, !question.isEmpty, form.count < most,
        !form.contains(where: { $0.name.utf8.elementsEqual(name.utf8) })
      else { throw CommandError.kitForm(file, line: place + 1) }
      form.append((name, question))
    }
    guard !form.isEmpty else { throw CommandError.kitForm(file, line: 1) }
    return form
  }

  /// The form as a file to fill in, as `note` reads it.
  static func template(of form: [(name: String, question: String)], in language: Language) -> String {
    var text = FormKind.testimony.marker + "\n"
    for one in form { text += "# \(one.question)\n\(one.name):\n" }
    let below = Message("Everything below the next line, to the end, is the text.").text(in: language)
    return text + "# \(below)\n--- \(FormKind.testimony.textName)\n"
  }
}
