import Foundation
import Testing

/// Docs/Recovery.md for what takes several people or paper: run block by block as it stands there, each person in a
/// process of their own. The program makes the vault, and is not used after that.
struct RecoveryTests {
  /// A vault with 2 of 3 custodians, and a record in two versions.
  private static func office(_ kind: String, in folder: Folder) throws -> String {
    try GuideTests.prepare(folder, for: "Docs/Recovery.md")
    var ids: [String: String] = [:]
    let custodians = ["bakyt", "cholpon", "daniyar"]
    let lines =
      ["init --as aigul" + (kind == "classic" ? " --classic" : "")]
      + custodians.flatMap { ["key new \($0)", "member admit Keys/\($0).card --role custodian --as aigul"] }
      + ["quorum set 2 of bakyt cholpon daniyar --as aigul"] + custodians.map { "quorum accept --as \($0)" }
      + custodians.map { "quorum confirm \($0) WORDS --as aigul" }
      + [
        "case new --title x --as aigul",
        "seal --case C-19XT-4MWA --testimony statement.txt --identity source.txt --identity-attach photo.jpg --as aigul",
        "amend R-7K3F-9QDM --correction correction.txt --as aigul",
      ]
    for line in lines { try GuideTests.run("testimony " + line, in: folder, &ids) }
    return try #require(ids["R"])
  }

  private struct Page {
    let steps: [String]
    let requester: [String]
    let custodian: [String]
    let cards: [String]
    let otherTool: [String]

    init() throws {
      func blocks(_ mark: String?) throws -> [String] { try Project.blocks(of: "Docs/Recovery.md", marked: mark) }
      steps = try blocks(nil)
      (requester, custodian) = (try blocks("requester"), try blocks("custodian"))
      (cards, otherTool) = (try blocks("cards"), try blocks("slip39"))
      try #require(steps.count == 9 && requester.count == 3 && custodian.count == 1)
      try #require(cards.count == 1 && otherTool.count == 1)
    }
  }

  private static func run(
    _ blocks: [String], as person: String, in folder: Folder, _ more: [String: String] = [:]
  ) throws -> String {
    let work = folder.url.appending(path: "work-\(person)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    let given = [
      "OPEN": Project.root.appending(path: "Scripts/emergency/open").path, "KEY": "Keys/\(person).key",
      "PASSPHRASE_FILE": "passphrase", "WORK": work.path, "SAVE": folder.url.appending(path: "saved").path,
    ]
    let result = try Project.run(
      ["bash", "-euo", "pipefail", "-c", blocks.joined(separator: "\n")], in: folder.url,
      environment: given.merging(more) { $1 })
    try #require(result.status == 0, "\(person): \(result.output)\(result.errors)")
    return result.output
  }

  /// In a classic vault shamir-mnemonic puts the shares together, in a hybrid one our own short script.
  @Test(arguments: ["hybrid", "classic"])
  func aQuorumOpensAnIdentityWithoutOurProgram(kind: String) throws {
    let folder = try Folder()
    let record = try Self.office(kind, in: folder)
    let page = try Page()
    let here = ["RECORD": record, "NEED": "2"]
    // Step 1 says again where things are, as a second terminal would.
    let asked = try Self.run(Array(page.steps[0..<6]) + [page.requester[0]], as: "aigul", in: folder, here)
    #expect(asked.contains("you can open: testimony") && !asked.contains("you can open: identity"))
    let work = folder.url.appending(path: "work-aigul")
    let once = try Data(contentsOf: work.appending(path: "once"))
    func opened(_ name: String, _ blocks: [String]) throws -> String {
      // What step C destroys is put back for the next try.
      try once.write(to: work.appending(path: "once"))
      return try Self.run([page.steps[0]] + blocks + [page.requester[1]], as: name, in: folder, here)
    }
    for (number, custodian) in ["daniyar", "bakyt"].enumerated() {
      let given = try Self.run(
        Array(page.steps[0..<4]) + page.custodian + [page.steps[8]], as: custodian, in: folder, here)
      #expect(given.contains("sealed to the requester: shares-\(custodian).age"))
      #expect(given.matches(of: /object [0-9a-f]{64} set \d+ share \d/).count == 2)
      #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "work-\(custodian)").path))
      let output = try opened("aigul", hasOtherTool(kind, folder) ? page.otherTool : [])
      #expect(output.contains("version-1: you can open: identity") == (number == 1), "\(output)")
      #expect(output.contains("version-2: you can open: identity") == (number == 1))
    }
    let read = try Self.run(
      [page.steps[0]] + page.steps[6..<8] + [page.requester[2], page.steps[8]], as: "aigul", in: folder, here)
    #expect(read.contains("An invented name."))
    #expect(read.matches(of: /version-\d: it is what was committed to when it was sealed/).count == 2)
    let saved = try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "saved").path)
    let photo = try Data(contentsOf: folder.url.appending(path: "photo.jpg"))
    let copies = try saved.map { try Data(contentsOf: folder.url.appending(path: "saved/\($0)")) }
    #expect(copies.contains(photo), "\(saved)")
    #expect(!FileManager.default.fileExists(atPath: work.path))
  }

  private func hasOtherTool(_ kind: String, _ folder: Folder) throws -> Bool {
    guard kind == "classic" else { return false }
    let found = try Project.run(["python3", "-c", "import shamir_mnemonic"], in: folder.url).status == 0
    if !found { print("skipped: shamir-mnemonic is not installed; words-to-key stands in for it") }
    return found
  }

  @Test(arguments: ["hybrid", "classic"])
  func paperCardsOpenWhatTheirKeyOpened(kind: String) throws {
    let folder = try Folder()
    let record = try Self.office(kind, in: folder)
    let printed = try Project.run(
      [
        try Project.program().path, "key", "backup", "--shares", "2", "of", "3", "--as", "aigul", "--passphrase-file",
        "passphrase",
      ], in: folder.url)
    try #require(printed.status == 0, "\(printed.errors)")
    // A person types the numbered words of two cards, a card a line.
    let cards = printed.output.split(separator: "Card ").dropFirst().map { card in
      card.split(separator: "\n").filter { $0.contains(/^(?: +\d+ [a-z]+)+ *$/) }
        .flatMap { $0.matches(of: /\d+ ([a-z]+)/).map(\.1) }.joined(separator: " ")
    }
    try #require(cards.count == 3 && cards.allSatisfy { $0.split(separator: " ").count == 33 })
    try folder.write("cards", "\(cards[2])\n\(cards[0])\n")
    let page = try Page()
    let blocks = Array(page.steps[0..<2]) + page.cards + page.steps[3..<9]
    let output = try Self.run(blocks, as: "aigul", in: folder, ["RECORD": record, "CARDS": "cards"])
    #expect(output.contains("your key is put together"))
    #expect(output.contains("What was said."))
    #expect(!output.contains("An invented name."))
  }
}
