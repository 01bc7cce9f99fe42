import Foundation
import Testing

/// `--json`: one object on standard output, and errors as one object on standard error.
struct JSONFaceTests {
  /// One run of every verb, in an order in which each can succeed.
  static let verbs: [(command: String, arguments: [String])] = [
    ("init", ["--as", "marat", "--vault", "V2", "--keys", "K2", "--work-factor", "10"]),
    ("key new", ["erke", "--work-factor", "10"]), ("key show", ["--as", "dana"]),
    ("key passphrase", ["--as", "bolat", "--new-passphrase-file", "pw", "--work-factor", "10"]),
    ("key restore", ["dana", "--cards", "cards", "--keys", "K3", "--work-factor", "10"]),
    ("key forget", ["dana", "--confirm", "dana", "--keys", "K3"]), ("member check", ["Keys/nura.card"]),
    ("member admit", ["Keys/nura.card", "--role", "reviewer", "--confirm", "nura", "--as", "aigul"]),
    ("member list", ["--as", "dana"]), ("case new", ["--title", "Another", "--as", "aigul"]),
    ("case list", ["--as", "dana"]),
    ("seal", ["--case", "CASE", "--testimony", "statement.txt", "--attach", "mill.txt", "--as", "aigul"]),
    ("amend", ["RECORD", "--correction", "statement.txt", "--as", "aigul"]),
    ("grant", ["RECORD", "testimony", "--to", "dana", "--as", "aigul"]),
    ("relock", ["RECORD", "--force", "--confirm", "RECORD", "--as", "bolat"]),
    ("reseal", ["RECORD", "--confirm", "RECORD", "--as", "bolat"]),
    ("assess", ["RECORD", "--file", "statement.txt", "--as", "dana"]),
    ("propose", ["CASE", "--summary", "public.txt", "--as", "dana"]), ("template", ["identity"]),
    ("publish", ["CASE", "--summary", "public.txt", "--confirm", "CASE", "--as", "aigul"]),
    ("quorum show", ["--as", "dana"]), ("quorum set", ["1", "of", "bolat", "--alone", "--as", "aigul"]),
    ("quorum accept", ["--as", "bolat"]), ("quorum confirm", ["bolat", "WORDS", "--as", "aigul"]),
    ("checkpoint", ["--as", "aigul"]), ("checkpoint", ["--words"]),
    ("list", []), ("list", ["--as", "dana"]), ("search", ["mill", "--as", "dana"]), ("log", ["--as", "dana"]),
    ("log", []),
    ("read", ["RECORD", "--as", "aigul"]),
    ("read", ["CASE", "--as", "dana"]),
    ("open", ["RECORD", "1", "--output", "out", "--as", "aigul"]), ("show", ["CASE"]), ("verify", []),
    ("verify", ["--as", "aigul"]), ("status", []), ("status", ["--as", "dana"]), ("circle list", ["--as", "dana"]),
    ("circle new", ["mill", "--with", "dana", "--as", "aigul"]), ("circle rotate", ["mill", "--as", "aigul"]),
    ("member suspend", ["dana", "--reason", "x", "--confirm", "dana", "--as", "bolat"]),
    ("member remove", ["dana", "--reason", "x", "--confirm", "dana", "--as", "aigul"]), ("policy show", []),
    ("policy set", ["--publish", "2", "--as", "aigul"]), ("countersign", ["--as", "bolat"]),
    ("countersign", ["CASE", "--confirm", "CASE", "--as", "bolat"]), ("adopt", ["--as", "bolat"]),
    ("handover", ["bolat", "--confirm", "bolat", "--as", "aigul"]),
    ("succession set", ["1", "bolat", "--as", "aigul"]), ("succession show", ["--as", "bolat"]),
    ("succession propose", ["bolat", "--confirm", "bolat", "--as", "aigul"]), ("succession take", ["--as", "bolat"]),
  ]

  static let names = [
    "init", "key new", "key show", "key passphrase", "key restore", "key forget", "member check", "member admit",
    "member list", "case new", "case list", "seal", "amend", "grant", "relock", "reseal", "assess", "propose",
    "template", "publish", "quorum show", "quorum set", "quorum accept", "quorum confirm", "checkpoint", "list",
    "search", "log", "read", "open", "show", "verify", "status",
    "circle list", "circle new", "circle rotate", "member suspend", "member remove",
    "policy show", "policy set", "countersign", "adopt", "handover", "succession set", "succession show",
    "succession propose", "succession take",
  ]

  private func run(_ words: [String], _ office: Office, in folder: Folder) throws -> Binary.Outcome {
    var known = ["CASE": office.caseID, "RECORD": office.record]
    if words.contains("WORDS") {
      known["WORDS"] = try Office.words(of: "bolat", in: folder.url).joined(separator: " ")
    }
    return try Binary.run(
      words.map { known[$0] ?? $0 } + ["--json", "--passphrase-file", "pw"], in: folder.url)
  }

  private func object(_ text: String) throws -> [String: Any] {
    #expect(text.split(separator: "\n").count == 1, "not one line:\n\(text)")
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func everyVerbPrintsOneObject() throws {
    #expect(Set(Self.verbs.map(\.command)) == Set(Self.names))
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    let cards = try PaperCards.of("dana", in: folder.url).lines[1...].joined(separator: "\n")
    try Data(cards.utf8).write(to: folder.url.appendingPathComponent("cards"))
    for (command, arguments) in Self.verbs {
      let outcome = try run(command.split(separator: " ").map(String.init) + arguments, office, in: folder)
      #expect(outcome.exit == 0, "\(command): \(outcome.err)")
      #expect(outcome.err.isEmpty, "\(command): \(outcome.err)")
      let object = try object(outcome.out)
      #expect(Set(object.keys) == ["v", "command", "exit", "data", "warnings", "next"], "\(command)")
      #expect(object["v"] as? Int == 1)
      #expect(object["command"] as? String == command)
      #expect(object["exit"] as? Int == 0)
      #expect(object["warnings"] is [String] && object["next"] is [String], "\(command)")
      #expect(object["data"] is [String: Any] || object["data"] is [Any], "\(command)")
    }
  }

  @Test(
    arguments: [
      (["list", "--as", "nobody"], 11), (["read", "RECORD", "testimony", "--as", "dana"], 11),
      (["show", "C-AAAA-AAAA"], 4), (["list", "--vault", "nowhere"], 10),
      (["case", "new", "--title", "x", "--as", "dana"], 14),
      (["publish", "CASE", "--summary", "empty", "--as", "aigul"], 64),
      (["publish", "CASE", "--summary", "public.txt", "--as", "aigul"], 15),
    ] as [([String], Int)])
  func aRefusalIsOneObjectOnStandardError(_ words: [String], code: Int) throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    try Data().write(to: folder.url.appendingPathComponent("empty"))
    let outcome = try run(words, office, in: folder)
    #expect(Int(outcome.exit) == code)
    #expect(outcome.out.isEmpty)
    let object = try object(outcome.err)
    #expect(object["exit"] as? Int == code)
    let error = try #require(object["error"] as? [String: Any])
    #expect((error["what"] as? String)?.isEmpty == false)
  }

  @Test func whatVerifyFindsIsInTheObject() throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    try Data("x".utf8).write(to: folder.url.appendingPathComponent("Vault/stray"))
    let outcome = try run(["verify"], office, in: folder)
    #expect(outcome.exit == 23)
    let object = try object(outcome.out)
    #expect(object["exit"] as? Int == 23)
    let findings = try #require((object["data"] as? [String: Any])?["findings"] as? [[String: Any]])
    #expect(findings.map { $0["kind"] as? String } == ["foreign"])
    #expect(findings.map { $0["file"] as? String } == ["stray"])
  }
}
