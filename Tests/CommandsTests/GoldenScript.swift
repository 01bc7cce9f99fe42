import Foundation
import Testing

/// A script that reads like a conversation, run against the real program in a fresh folder (see Scripts/README.md).
///
/// A line `! testimony …` says more than it shows: the run must fail, say one sentence and at most one hint, and leave
/// everything in the folder as it was.
final class GoldenScript {
  private let url: URL
  private let home: Folder
  private var folder: URL
  private var variables: [String: String] = [:]
  private var environment: [String: String] = [:]
  private var last = Binary.Outcome()
  private var lines: ArraySlice<String> = []
  private var number = 0

  init(_ url: URL) throws {
    self.url = url
    home = try Folder()
    folder = home.url
    variables = ["BIN": Binary.path, "P": "--passphrase-file pw", "NEW": "--passphrase-file pw --work-factor 10"]
    try Data("\(Office.passphrase)\n".utf8).write(to: folder.appendingPathComponent("pw"))
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
  }

  /// Runs every line, and gives the number of runs of the program.
  func run() throws -> Int {
    lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")[...]
    var runs = 0
    while let line = lines.popFirst() {
      number += 1
      let text = line.trimmingCharacters(in: .whitespaces)
      if text.isEmpty || text.hasPrefix("#") { continue }
      let denied = text.hasPrefix("! ")
      var words = words(denied ? String(text.dropFirst(2)) : text)
      let verb = words.removeFirst()
      if verb == "testimony" || verb == "exec" { runs += 1 }
      try step(verb, words, denied: denied, text)
    }
    return runs
  }

  private func step(_ verb: String, _ words: [String], denied: Bool, _ line: String) throws {
    switch verb {
    case "testimony": try command(Binary.path, words, denied, line)
    case "exec": try command(words[0], Array(words.dropFirst()), denied, line)
    case "exit": expect(last.exit == Int32(words[0]), "exit was \(last.exit)", line)
    case "stdout": expect(matches(last.out, words[0]) != denied, "stdout was:\n\(last.out)", line)
    case "stderr": expect(matches(last.err, words[0]) != denied, "stderr was:\n\(last.err)", line)
    case "silent": expect(last.out.isEmpty && last.err.isEmpty, "said:\n\(last.out)\(last.err)", line)
    case "exists": for name in words { expect(exists(name) != denied, "\(name)", line) }
    case "cmp": expect((try content(words[0]) == content(words[1])) != denied, "they are different", line)
    case "file": try here(words[0], until: words[1].replacingOccurrences(of: "<<", with: ""))
    case "let":
      let text = words[2] == "stderr" ? last.err : last.out
      let found = try NSRegularExpression(pattern: words[3], options: .anchorsMatchLines).firstMatch(
        in: text, range: NSRange(text.startIndex..., in: text))
      guard let range = found.flatMap({ Range($0.range(at: 1), in: text) }) else {
        return expect(false, "not in:\n\(text)", line)
      }
      variables[words[0]] = String(text[range])
    case "set": variables[words[0]] = words[1]
    case "env": environment[words[0]] = words[1]
    case "cd": folder = place(words[0]).standardized
    case "sh":
      let outcome = try Binary.run(["-euc", words[0]], program: "/bin/sh", in: folder, environment: environment)
      expect(outcome.exit == 0, outcome.err, line)
    case "office":
      let office = try Office.named(words.first ?? "hybrid")
      try office.copy(to: folder)
      variables.merge(["C": office.caseID, "R": office.record]) { $1 }
    default: expect(false, "no such line", line)
    }
  }

  private func command(_ program: String, _ words: [String], _ denied: Bool, _ line: String) throws {
    var words = words
    var input: String?
    if words.count > 1, words[words.count - 2] == "<" {
      input = place(words.removeLast()).path
      words.removeLast()
    }
    let before = denied ? try Folder.tree(home.url) : [:]
    let file = program.contains("/") ? place(program).path : "/bin/\(program)"
    last = try Binary.run(words, program: file, in: folder, input: input, environment: environment)
    expect((last.exit != 0) == denied, "exit was \(last.exit):\n\(last.err)", line)
    if denied, words.first != "verify" {
      let name = program == "sh" ? "testimony" : URL(fileURLWithPath: program).lastPathComponent
      expect(last.sentences(by: name).count == 1, "not one sentence:\n\(last.err)", line)
      expect(last.hints.count <= 1, "several hints:\n\(last.err)", line)
    }
    if denied {
      let after = try Folder.tree(home.url)
      let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
      expect(changed.isEmpty, "left behind or changed: \(changed)", line)
    }
  }

  /// Words as a shell splits them; a variable counts inside quotes too, and unquoted it may be several words.
  private func words(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    var started = false
    for character in expanded(line) {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        (quote, started) = (character, true)
      } else if character == " ", quote == nil {
        if started || !word.isEmpty { words.append(word) }
        (word, started) = ("", false)
      } else {
        word.append(character)
      }
    }
    return started || !word.isEmpty ? words + [word] : words
  }

  private func expanded(_ line: String) -> String {
    variables.sorted { $0.key.count > $1.key.count }.reduce(line) { text, variable in
      text.replacingOccurrences(
        of: "\\$\(variable.key)(?![A-Za-z0-9_])", with: NSRegularExpression.escapedTemplate(for: variable.value),
        options: .regularExpression)
    }
  }

  private func here(_ name: String, until end: String) throws {
    var text = ""
    while let line = lines.popFirst(), line != end {
      number += 1
      text += line + "\n"
    }
    number += 1
    try Data(text.utf8).write(to: place(name))
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    guard let regex = try? NSRegularExpression(pattern: pattern, options: .anchorsMatchLines) else { return false }
    return regex.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }

  private func place(_ name: String) -> URL {
    name.hasPrefix("/") ? URL(fileURLWithPath: name) : folder.appendingPathComponent(name)
  }

  private func exists(_ name: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: place(name).path)) != nil
  }

  private func content(_ name: String) throws -> Data {
    try Data(contentsOf: place(name))
  }

  private func expect(_ good: Bool, _ why: String, _ line: String) {
    if !good { Issue.record("\(url.lastPathComponent):\(number): \(line)\n\(why)") }
  }
}
