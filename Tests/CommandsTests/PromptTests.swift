import Foundation
import Testing

/// What is asked for, shown once, confirmed and refused on a terminal.
@Suite(.serialized) struct PromptTests {
  private let folder = try? Folder()
  private var url: URL { folder?.url ?? URL(fileURLWithPath: "/nowhere") }

  @Test(arguments: [100, 80, 40, 25])
  func initShowsEightWordsOnceAndWipesThem(columns: Int) throws {
    let talk = try Conversation(["init", "--as", "aigul", "--work-factor", "10"], in: url, columns: columns)
    let words = try Self.typeWordsBack(talk)
    #expect(try talk.end() == 0)
    #expect(words.count == 8)
    let left = talk.screen.text
    #expect(left.contains("founded"), "\(left)")
    let passphrase = words.joined(separator: " ")
    #expect(talk.shown.components(separatedBy: passphrase).count == 2, "shown more than once")
    // The check words that follow may share one of them.
    let before = left.components(separatedBy: "founded")[0]
    #expect(before.hasPrefix("Making a vault in Vault"), "\(left)")
    for word in words { #expect(!before.contains(word), "still on the screen:\n\(left)") }
    #expect(!before.contains("Write it down"), "\(left)")
    // The words open the key that was made.
    let reading = try Conversation(["key", "show", "--as", "aigul"], in: url)
    try reading.answer("Passphrase of aigul: ", passphrase + "\n")
    #expect(try reading.end() == 0)
    #expect(!reading.screen.text.contains(passphrase), "a passphrase is not echoed")
  }

  /// Waits for the question, and types the two words that it asks for.
  static func typeWordsBack(_ talk: Conversation, reversed: Bool = false) throws -> [String] {
    try talk.wait(for: "Type word ")
    try talk.wait(for: ": ")
    let text = talk.shown.replacingOccurrences(of: "\r", with: "")
    let words = try #require(text.components(separatedBy: "\n").first { $0.hasPrefix("    ") })
      .split(separator: " ").map(String.init)
    let question = try #require(text.components(separatedBy: "Type word ").last)
    let asked = question.split { !$0.isNumber }.compactMap { Int($0) }.map { words[$0 - 1] }
    try talk.type((reversed ? asked.reversed() : asked).joined(separator: " ") + "\n")
    return words
  }

  @Test func wrongWordsMakeNothing() throws {
    let talk = try Conversation(["init", "--as", "aigul", "--work-factor", "10"], in: url)
    _ = try Self.typeWordsBack(talk, reversed: true)
    try talk.answer("Type word ", "apple pear\n")
    try talk.answer("Type word ", "\n")
    #expect(try talk.end() == 12)
    #expect(talk.shown.contains("these are not the words that were asked for: nothing was made"))
    #expect(try Folder.tree(url).isEmpty)
    #expect(talk.isRestored)
  }

  @Test func aTypedPassphraseIsAskedForTwiceAndNotShown() throws {
    let key = ["key", "new", "dana", "--own-passphrase", "--work-factor", "10"]
    let short = try Conversation(key, in: url)
    try short.answer("New passphrase", "eleven char\n")
    #expect(try short.end() == 12)
    #expect(short.shown.contains("a passphrase has at least 12 characters"))

    let different = try Conversation(key, in: url)
    try different.answer("New passphrase", "xyzzy plugh frotz\n")
    try different.answer("Once more: ", "xyzzy plugh frotzes\n")
    #expect(try different.end() == 12)
    #expect(different.shown.contains("the two passphrases are not the same"))
    #expect(try Folder.tree(url).isEmpty)

    let good = try Conversation(key, in: url)
    try good.answer("New passphrase", "xyzzy plugh frotz\n")
    try good.answer("Once more: ", "xyzzy plugh frotz\n")
    #expect(try good.end() == 0)
    for talk in [short, different, good] {
      #expect(!talk.shown.contains("plugh") && !talk.shown.contains("eleven char"))
      #expect(talk.isRestored)
    }
  }

  @Test func aWrongPassphraseIsAskedForThreeTimes() throws {
    try Office.named("hybrid").copy(to: url)
    let before = try Folder.tree(url)
    let talk = try Conversation(["list", "--as", "dana"], in: url)
    for _ in 1...3 { try talk.answer("Passphrase of dana: ", "wrong passphrase here\n") }
    #expect(try talk.end() == 12)
    #expect(talk.shown.components(separatedBy: "wrong passphrase").count == 4)
    #expect(try Folder.tree(url) == before)
    #expect(talk.isRestored)

    let second = try Conversation(["list", "--as", "dana"], in: url)
    try second.answer("Passphrase of dana: ", "wrong passphrase here\n")
    try second.answer("Passphrase of dana: ", "\(Office.passphrase)\n")
    #expect(try second.end() == 0)
  }

  @Test(arguments: [
    ["init", "--as", "aigul"], ["init", "--as", "aigul", "--own-passphrase"], ["key", "new", "dana"],
  ])
  func controlCLeavesNothingBehind(_ arguments: [String]) throws {
    let talk = try Conversation(arguments + ["--work-factor", "10"], in: url)
    try talk.wait(for: arguments.contains("--own-passphrase") ? "New passphrase" : "Type word ")
    try talk.type("\u{3}")
    #expect(try talk.end() == 130)
    #expect(talk.shown.contains("testimony: interrupted"))
    #expect(talk.isRestored)
    #expect(try Folder.tree(url).isEmpty)
  }

  @Test func controlCAndControlDAtAPassphrase() throws {
    try Office.named("hybrid").copy(to: url)
    let before = try Folder.tree(url)
    for (key, code) in [("\u{3}", Int32(130)), ("\u{4}", 15)] {
      let talk = try Conversation(["list", "--as", "dana"], in: url)
      try talk.answer("Passphrase of dana: ", key)
      #expect(try talk.end() == code)
      #expect(talk.isRestored)
    }
    #expect(try Folder.tree(url) == before)
  }

  @Test func publishingIsConfirmedByTheId() throws {
    let office = try Office.named("hybrid")
    try office.copy(to: url)
    let before = try Folder.tree(url)
    let arguments = ["publish", office.caseID, "--summary", "public.txt", "--as", "aigul", "--passphrase-file", "pw"]
    for (typed, code) in [("y\n", Int32(15)), ("\n", 15), ("\u{4}", 15), ("\u{3}", 130), ("C-AAAA-AAAA\n", 15)] {
      let talk = try Conversation(arguments, in: url)
      try talk.answer("Type \(office.caseID) to go on: ", typed)
      #expect(try talk.end() == code, "\(typed.debugDescription)")
      #expect(try Folder.tree(url) == before)
      #expect(talk.isRestored)
    }
    let talk = try Conversation(arguments, in: url)
    try talk.answer("Type \(office.caseID) to go on: ", office.caseID.lowercased() + "\n")
    #expect(try talk.end() == 0)
    #expect(talk.shown.contains("│ At the mill, in spring."))
    #expect(talk.shown.contains("published  \(office.caseID)  text 2"))
  }

  @Test func admittingIsConfirmedByTheName() throws {
    try Office.named("hybrid").copy(to: url)
    let arguments = ["member", "admit", "Keys/nura.card", "--role", "custodian", "--as", "aigul"]
    let wrong = try Conversation(arguments, in: url)
    try wrong.answer("Passphrase of aigul: ", "\(Office.passphrase)\n")
    try wrong.wait(for: "check words")
    try wrong.answer("Type nura to go on: ", "dana\n")
    #expect(try wrong.end() == 15)
    let right = try Conversation(arguments, in: url)
    try right.answer("Passphrase of aigul: ", "\(Office.passphrase)\n")
    try right.answer("Type nura to go on: ", "nura\n")
    #expect(try right.end() == 0)
    #expect(right.shown.contains("admitted  nura  custodian"))
  }

  /// An approval cannot be taken back: the request's id is typed, and another one approves nothing.
  @Test func anApprovalIsConfirmedByTheId() throws {
    let office = try Office.named("hybrid")
    try office.copy(to: url)
    let asked = try Binary.run(
      [
        "identity", "request", office.record, "--purpose", "a court", "--until",
        String(Date.now.addingTimeInterval(86_400 * 30).ISO8601Format().prefix(10)), "--as", "aigul",
        "--passphrase-file", "pw",
      ], in: url)
    #expect(asked.exit == 0, "\(asked.err)")
    let request = Office.id("Q", in: asked.out)
    let before = try Folder.tree(url)
    let arguments = ["identity", "approve", request, "--as", "aigul", "--passphrase-file", "pw"]
    for (typed, code) in [("y\n", Int32(15)), ("\u{4}", 15), ("Q-AAAA-AAAA\n", 15)] {
      let talk = try Conversation(arguments, in: url)
      try talk.answer("Type \(request) to go on: ", typed)
      #expect(try talk.end() == code, "\(typed.debugDescription)")
      #expect(try Folder.tree(url) == before)
      #expect(talk.isRestored)
    }
    let talk = try Conversation(arguments, in: url)
    try talk.answer("Type \(request) to go on: ", request + "\n")
    #expect(try talk.end() == 0)
    #expect(talk.shown.contains("│ a court"))
    #expect(talk.shown.contains("approved  \(request)"))
  }

  /// Whoever seals types the words that a custodian reads out: once, and never after having seen them here.
  @Test func aCustodianIsConfirmedBeforeTheFirstSeal() throws {
    let office = try Office.named("hybrid")
    try office.copy(to: url)
    for arguments in [
      ["member", "admit", "Keys/nura.card", "--role", "custodian", "--confirm", "nura", "--as", "aigul"],
      ["quorum", "set", "1", "of", "nura", "--alone", "--as", "aigul"], ["quorum", "accept", "--as", "nura"],
    ] {
      #expect(try Binary.run(arguments + ["--passphrase-file", "pw"], in: url).exit == 0, "\(arguments)")
    }
    let right = try Office.words(of: "nura", in: url).joined(separator: " ")
    let wrong = try Office.words(of: "dana", in: url).joined(separator: " ")
    #expect(right.split(separator: " ").count == 8)
    let before = try Folder.tree(url)
    let arguments = [
      "seal", "--case", office.caseID, "--testimony", "statement.txt", "--as", "bolat", "--passphrase-file", "pw",
    ]
    for (typed, code) in [("\(wrong)\n", Int32(14)), ("\n", 14), ("yes\n", 14), ("\u{4}", 15), ("\u{3}", 130)] {
      let talk = try Conversation(arguments, in: url)
      try talk.wait(for: "nura will hold a share of every identity, and this device does not know that key yet.")
      try talk.wait(for: "The eight words of nura: ")
      for word in right.split(separator: " ") { #expect(!talk.shown.contains(word), "shown first") }
      try talk.type(typed)
      #expect(try talk.end() == code, "\(typed.debugDescription)")
      #expect(talk.shown.contains("these are not the check words of the card of nura") == (code == 14))
      #expect(!talk.shown.contains("sealed  R-"))
      #expect(try Folder.tree(url) == before)
      #expect(talk.isRestored)
    }
    let talk = try Conversation(arguments, in: url)
    try talk.answer("The eight words of nura: ", right + "\n")
    #expect(try talk.end() == 0)
    #expect(talk.shown.contains("identity to nura alone"))
    let again = try Conversation(arguments, in: url)
    #expect(try again.end() == 0)
    #expect(!again.shown.contains("The eight words"))
  }

  private static let asking: [([String], Int32)] = [
    (["list", "--as", "dana"], 12), (["init", "--vault", "V2", "--keys", "K2", "--as", "aigul"], 12),
    (["publish", "CASE", "--summary", "public.txt", "--as", "aigul", "--passphrase-file", "pw"], 15),
    (["member", "admit", "Keys/nura.card", "--role", "reviewer", "--as", "aigul", "--passphrase-file", "pw"], 15),
    (["seal", "--case", "CASE", "--edit", "--as", "aigul", "--passphrase-file", "pw"], 40),
    (["key", "passphrase", "--as", "aigul", "--passphrase-file", "pw"], 12),
    (["quorum", "confirm", "aigul", "acid", "--as", "bolat", "--passphrase-file", "pw"], 14),
    (["key", "restore", "erke", "--passphrase-file", "pw"], 64), (["key", "forget", "nura"], 15),
  ]

  @Test(arguments: asking)
  func nothingIsAskedWithNoInput(_ arguments: [String], code: Int32) throws {
    let office = try Office.named("hybrid")
    try office.copy(to: url)
    let before = try Folder.tree(url)
    let talk = try Conversation(
      arguments.map { $0 == "CASE" ? office.caseID : $0 } + ["--no-input"], in: url)
    #expect(try talk.end() == code, "\(talk.shown)")
    #expect(!talk.shown.contains("Passphrase of") && !talk.shown.contains("Type "), "\(talk.shown)")
    #expect(try Folder.tree(url) == before)
  }
}
