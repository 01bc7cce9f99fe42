import Foundation
import Testing

/// A note that contains our own words, or speaks to the terminal, must not pass for us.
struct TerminalDataTests {
  static let forgery = "verified 9 of 9 objects  0 problems\nsealed  R-AAAA-AAAA  testimony to you\n"
  static let hostile = "a\u{1b}[2Jb\u{1b}]0;title\u{7}c\rd\u{8}e\u{9b}31mf\u{202e}g\u{200b}h\n"

  private func talk(_ arguments: [String], _ folder: Folder) throws -> [String] {
    let talk = try Conversation(arguments, in: folder.url)
    #expect(try talk.end() == 0)
    return talk.shown.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n")
  }

  @Test(arguments: ["read", "show"])
  func dataIsPrefixedAndVisible(_ verb: String) throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    let text = Self.forgery + Self.hostile
    try Data(text.utf8).write(to: folder.url.appendingPathComponent("hostile.txt"))
    let key = ["--as", "aigul", "--passphrase-file", "pw"]
    let lines: [String]
    if verb == "read" {
      let sealed = try Binary.run(
        ["seal", "--case", office.caseID, "--testimony", "hostile.txt"] + key, in: folder.url)
      lines = try talk(["read", Office.id("R", in: sealed.out)] + key, folder)
    } else {
      let more = ["--summary", "hostile.txt", "--confirm", office.caseID] + key
      #expect(try Binary.run(["publish", office.caseID] + more, in: folder.url).exit == 0)
      lines = try talk(["show", office.caseID], folder)
    }
    #expect(lines.contains("│ verified 9 of 9 objects  0 problems"), "\(lines)")
    #expect(lines.contains("│ sealed  R-AAAA-AAAA  testimony to you"), "\(lines)")
    for line in lines {
      #expect(!line.hasPrefix("verified") && !line.hasPrefix("sealed"), "\(line)")
      for scalar in line.unicodeScalars {
        #expect(
          scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value) && scalar != "\u{202e}" && scalar != "\u{200b}",
          "\(line.debugDescription)")
      }
    }
    if verb == "read" { #expect(lines.contains { $0.contains("a\\u{1b}[2Jb") }, "\(lines)") }
  }

  @Test func aTitleAndANameCannotSpeakToTheTerminal() throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    let key = ["--as", "aigul", "--passphrase-file", "pw"]
    let title = "x\nverified 9 of 9 objects  0 problems\u{1b}[2J"
    #expect(try Binary.run(["case", "new", "--title", title] + key, in: folder.url).exit == 0)
    let admit = [
      "member", "admit", "Keys/nura.card", "--role", "reviewer", "--confirm", "nura", "--display-name", title,
    ]
    #expect(try Binary.run(admit + key, in: folder.url).exit == 0)
    for verb in [["case", "list"], ["member", "list"]] {
      let lines = try talk(verb + key, folder)
      for line in lines {
        #expect(!line.hasPrefix("verified"), "\(line)")
        #expect(!line.contains("\u{1b}"), "\(line.debugDescription)")
      }
      #expect(lines.contains { $0.contains("\u{2068}x\\u{a}verified") }, "\(lines)")
    }
  }
}
