import Foundation
import Testing

/// What the pages say about kits and notes from the field, run as it stands there. What the other side does meanwhile, on
/// its own machine, stands here.
struct FieldGuideTests {
  @Test func aDayInTheField() throws {
    let folder = try Folder()
    let page = "Docs/ForFieldWorkers.md"
    var ids = try Self.office(in: folder, for: page)
    try GuideTests.run(
      "testimony kit new saule --output Kit --until 2027-06-30 --case C-19XT-4MWA --as aigul", in: folder, &ids)
    var meanwhile = [
      (
        after: "outbox export stick/",
        others: [
          "intake drops.tar stick --receipts receipts --as aigul", "kit receipt saule --receipts receipts --as marat",
        ]
      )
    ]
    let lines = try Self.lines(of: page)
    #expect(lines.count >= 10)
    for line in lines {
      // What is typed comes from a file.
      let typed = line.hasPrefix("testimony note") && !line.contains("--attach") ? "\(line) < typed.txt" : line
      try GuideTests.run(typed, in: folder, &ids)
      try Self.others(&meanwhile, after: line, in: folder, &ids)
    }
    #expect(meanwhile.isEmpty)
    let list = try Self.output(["outbox", "list"], in: folder)
    #expect(
      list.matches(of: #/safe with counsel, removed here/#).count
        == lines.count(where: { $0.hasPrefix("testimony note") }))
    let left = try FileManager.default.subpathsOfDirectory(atPath: folder.url.appending(path: "Kit/outbox").path)
    #expect(!left.contains { $0.hasSuffix(".age") })
    #expect(try Self.output(["verify", "--as", "aigul"], in: folder).contains("4 records  0 problems"))
    // Nothing of what was typed is on the worker's machine.
    let kit = folder.url.appending(path: "Kit")
    for name in try FileManager.default.contentsOfDirectory(atPath: kit.path) where name.contains(".") {
      let bytes = try Data(contentsOf: kit.appending(path: name))
      #expect(bytes.range(of: Data("She saw a truck".utf8)) == nil)
    }
  }

  @Test func notesFromTheFieldOnThePageForCounsel() throws {
    let folder = try Folder()
    let page = "Docs/ForCounsel.md"
    var ids = try Self.office(in: folder, for: page)
    let kit = "--kit Kit-saule"
    var meanwhile = [
      (after: "kit new", others: ["note statement.txt \(kit)", "outbox export stick/ \(kit)"]),
      (
        after: "kit list",
        others: [
          "outbox receipts receipts/*.age \(kit)", "outbox clean \(kit)", "note statement.txt \(kit)",
          "outbox export late.tar \(kit)",
        ]
      ),
    ]
    for line in try Self.lines(of: page, marked: "field") {
      try GuideTests.run(line, in: folder, &ids)
      try Self.others(&meanwhile, after: line, in: folder, &ids)
    }
    #expect(meanwhile.isEmpty)
    #expect(try Self.output(["verify", "--as", "marat"], in: folder).contains("2 records  0 problems"))
    let shown = try Self.output(["kit", "list", "--as", "marat"], in: folder)
    #expect(shown.contains("revoked, number 1 is the last that counts  2 notes"), "\(shown)")
  }

  /// Two counsel, of whom one opens identities alone, and a case.
  private static func office(in folder: Folder, for page: String) throws -> [String: String] {
    try GuideTests.prepare(folder, for: page)
    try folder.write("typed.txt", "She saw a truck.\n")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "receipts"), withIntermediateDirectories: false)
    var ids: [String: String] = [:]
    for line in [
      "init --as aigul", "key new marat", "member admit Keys/marat.card --role counsel --as aigul",
      "quorum set 1 of aigul --alone --as aigul", "case new --title x --as aigul",
    ] { try GuideTests.run("testimony \(line)", in: folder, &ids) }
    return ids
  }

  private static func others(
    _ meanwhile: inout [(after: String, others: [String])], after line: String, in folder: Folder,
    _ ids: inout [String: String]
  ) throws {
    guard let next = meanwhile.first, line.contains(next.after) else { return }
    meanwhile.removeFirst()
    for other in next.others { try GuideTests.run("testimony \(other)", in: folder, &ids) }
  }

  private static func lines(of page: String, marked mark: String? = nil) throws -> [String] {
    try Project.blocks(of: page, marked: mark).flatMap { $0.components(separatedBy: "\n") }.filter { !$0.isEmpty }
  }

  private static func output(_ arguments: [String], in folder: Folder) throws -> String {
    let result = try Project.run(
      [try Project.program().path] + arguments + ["--passphrase-file", "passphrase"], in: folder.url)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result.output
  }
}
