import Foundation
import Testing

/// The README's first use and the guides, run line by line as they stand on the page.
///
/// Ids on the page are examples: each is replaced by the id that the program printed last. Passphrases come from a file,
/// what a person would confirm by typing is confirmed by the flag, and printed forms get a line of text. TEXT is the
/// handle that was listed last, WORDS what a custodian reads out.
struct GuideTests {
  static let passphrase = "a passphrase for the guides"

  @Test(arguments: ["README.md", "Docs/ForCounsel.md", "Docs/ForReviewers.md"])
  func everyCommandOnThePageDoesWhatThePageSays(page: String) throws {
    let folder = try Folder()
    try Self.prepare(folder, for: page)
    var ids: [String: String] = [:]
    var commands = 0
    if page == "Docs/ForReviewers.md" { ids = try Self.vaultOfCounsel(in: folder) }
    for block in try Project.blocks(of: page) {
      for line in block.components(separatedBy: "\n") where !line.isEmpty {
        try Self.run(line, in: folder, &ids)
        commands += 1
        // Between making a key and using it, the founder admits the card.
        if page == "Docs/ForReviewers.md", line.contains("key new dana") {
          try Self.run("testimony member admit Keys/dana.card --role reviewer --as aigul", in: folder, &ids)
        }
      }
    }
    #expect(commands >= 6)
  }

  static func run(_ line: String, in folder: Folder, _ ids: inout [String: String]) throws {
    var command = line
    let fails = command.hasPrefix("! ")
    if fails { command.removeFirst(2) }
    var words = try spoken(command, in: folder)
    // Several requests in one line are those that were printed last, in their order.
    var several = ids["requests"].map { $0.components(separatedBy: " ") } ?? []
    let isOne = words.matches(of: #/\bQ-[0-9A-Z]{4}-[0-9A-Z]{4}/#).count < 2
    words = words.replacing(#/\b([CRQ])-[0-9A-Z]{4}-[0-9A-Z]{4}/#) { match in
      if match.1 == "Q", !isOne, !several.isEmpty { return several.removeFirst() }
      return ids[String(match.1)] ?? String(match.0)
    }
    if words.contains(" init ") || words.contains(" key new ") { words += " --work-factor 10" }
    if words.contains(" kit new ") { words += " --kit-passphrase-file passphrase" }
    if let text = ids["T"] { words.replace(" countersign TEXT", with: " countersign \(text)") }
    if let answer = confirmation(of: words, ids) { words += " --confirm \(answer)" }
    let redirected = words.contains(" > ")
    if !redirected { words += " --passphrase-file passphrase" }
    let program = try Project.program().path
    let result = try Project.run(
      ["bash", "-c", words.replacing(#/^testimony /#) { _ in "'\(program)' " }], in: folder.url)
    #expect((result.status == 0) != fails, "\(line): \(result.status) \(result.errors)")
    if redirected, let form = words.components(separatedBy: " > ").last { try write(on: form, in: folder) }
    let printed = /^(?:opened|sealed|requested)  (([CRQ])-[0-9A-Z]{4}-[0-9A-Z]{4})/.anchorsMatchLineEndings()
    for match in result.output.matches(of: printed) { ids[String(match.2)] = String(match.1) }
    let requests = result.output.matches(of: printed).filter { $0.2 == "Q" }.map { String($0.1) }
    if !requests.isEmpty { ids["requests"] = requests.joined(separator: " ") }
    if let vault = result.output.firstMatch(of: #/founded  vault (\S+)/#) { ids["V"] = String(vault.1) }
    let handle = #/^([0-9a-f]{12})\s/#.anchorsMatchLineEndings()
    if let text = result.output.firstMatch(of: handle) { ids["T"] = String(text.1) }
  }

  /// What a person would type to confirm a command: the id or name that it is about.
  private static func confirmation(of words: String, _ ids: [String: String]) -> String? {
    if words.contains(" relock --all") { return ids["V"] }
    // Its words are of a list that has verbs of ours in it.
    if words.contains(" quorum confirm ") { return nil }
    // Whoever hands own shares on confirms the successor.
    if let leaving = words.firstMatch(of: #/quorum replace (\w+) (\w+) --as (\w+)/#), leaving.1 == leaving.3 {
      return String(leaving.2)
    }
    if let card = words.firstMatch(of: #/admit Keys/(\w+)\.card/#) { return String(card.1) }
    if let requests = words.firstMatch(of: #/ approve (Q-\S+(?: Q-\S+)*)/#) { return String(requests.1) }
    if let id = words.firstMatch(of: #/ (?:publish|relock|reseal|countersign) ([CR]-\S+|[0-9a-f]{12})/#) {
      return String(id.1)
    }
    return words.firstMatch(of: #/ (?:suspend|remove|handover|succession propose) (\w+)/#).map { String($0.1) }
  }

  /// WORDS are what the custodian reads off their own machine.
  private static func spoken(_ command: String, in folder: Folder) throws -> String {
    guard let name = command.firstMatch(of: #/ quorum confirm (\w+) WORDS/#)?.1 else { return command }
    let shown = try Project.run(
      [try Project.program().path, "key", "show", "--as", String(name), "--passphrase-file", "passphrase"],
      in: folder.url)
    let words = try #require(shown.output.firstMatch(of: #/check words  (.+)/#), "\(shown.errors)").1
    return command.replacing("WORDS", with: words)
  }

  /// A person fills in the form that was printed.
  private static func write(on form: String, in folder: Folder) throws {
    let url = folder.url.appending(path: form)
    try folder.write(form, String(contentsOf: url, encoding: .utf8) + "What was said.\n")
  }

  static func prepare(_ folder: Folder, for page: String) throws {
    try folder.write("passphrase", passphrase + "\n")
    try folder.write("summary.txt", "A summary without any name of the teacher.\n")
    try folder.write("public.txt", "What anyone may read.\n")
    try folder.write("statement.txt", "What was said.\n")
    try folder.write("source.txt", "An invented name.\n")
    try folder.write("translation.txt", "What was said: the sound of a door.\n")
    try folder.write("correction.txt", "It was a Monday.\n")
    try folder.write("order.txt", "The court orders it, in closed session.\n")
    try folder.write("photo.jpg", String(repeating: "picture ", count: 1000))
    try folder.write("interview.m4a", String(repeating: "sound ", count: 40_000))
  }

  /// What counsel did before a reviewer's day begins.
  private static func vaultOfCounsel(in folder: Folder) throws -> [String: String] {
    var ids: [String: String] = [:]
    for line in [
      "testimony init --as aigul", "testimony quorum set 1 of aigul --alone --as aigul",
      "testimony case new --title x --as aigul",
      "testimony seal --case C-19XT-4MWA --summary summary.txt --testimony statement.txt --as aigul",
    ] { try run(line, in: folder, &ids) }
    return ids
  }
}
