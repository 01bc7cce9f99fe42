import Foundation
import Testing

/// What the pages say about custodians, and about the first hour after a seizure: run as it stands there. What others do
/// meanwhile, on their own machines, stands here.
struct QuorumGuideTests {
  @Test func aCustodiansDay() throws {
    let folder = try Folder()
    let page = "Docs/ForCustodians.md"
    try GuideTests.prepare(folder, for: page)
    var ids: [String: String] = [:]
    try Self.run(["init --as aigul"] + ["cholpon", "daniyar"].flatMap(Self.custodian), in: folder, &ids)
    // Behind the n-th command of the page, in their order.
    var meanwhile = [
      (after: "key new bakyt", others: [Self.admitted("bakyt"), "quorum set 2 of bakyt cholpon daniyar --as aigul"]),
      (
        after: "quorum accept",
        others: ["cholpon", "daniyar"].map { "quorum accept --as \($0)" } + Self.confirmed(by: "aigul")
          + [
            "case new --title x --as aigul",
            "seal --case C-19XT-4MWA --testimony statement.txt --identity source.txt --as aigul",
            "identity request R-7K3F-9QDM --purpose x --until 2027-06-30 --order order.txt --as aigul",
          ]
      ),
      (after: "identity approve", others: ["identity request R-7K3F-9QDM --purpose y --until 2027-06-30 --as aigul"]),
      (after: "identity deny", others: ["drill --as aigul"]),
      (
        after: "identity approve",
        others: ["identity approve Q-4T5W-0RSV --as cholpon", "identity open Q-4T5W-0RSV --as aigul"]
      ),
    ]
    for line in try Self.lines(of: page) {
      try Self.written(by: line, in: folder)
      try GuideTests.run(line, in: folder, &ids)
      if let next = meanwhile.first, line.contains(next.after) {
        meanwhile.removeFirst()
        try Self.run(next.others, in: folder, &ids)
      }
    }
    #expect(meanwhile.isEmpty)
    let status = try Project.run(
      [try Project.program().path, "status", "--as", "bakyt", "--passphrase-file", "passphrase"], in: folder.url)
    #expect(status.output.contains("2 of 3 opened a test identity"), "\(status.output)")
  }

  @Test func theSourcesNameOnThePageForCounsel() throws {
    let folder = try Folder()
    let page = "Docs/ForCounsel.md"
    try GuideTests.prepare(folder, for: page)
    var ids: [String: String] = [:]
    try Self.run(
      ["init --as aigul", "case new --title x --as aigul"]
        + ["bakyt", "cholpon", "daniyar", "erkin", "farida"].flatMap(Self.custodian), in: folder, &ids)
    let lines = try Self.lines(of: page, marked: "quorum")
    #expect(lines.count >= 30)
    for line in lines { try GuideTests.run(line, in: folder, &ids) }
    let opened = folder.url.appending(path: "opened")
    let names = try FileManager.default.contentsOfDirectory(atPath: opened.path).sorted()
    #expect(names == ["identity-1.txt", "photo.jpg"])
    let text = try String(contentsOf: opened.appending(path: "identity-1.txt"), encoding: .utf8)
    #expect(text.contains("An invented name."))
    // What was split anew has nothing left that is shared with the one who left.
    let again = try Project.run(
      [
        try Project.program().path, "quorum", "replace", "daniyar", "farida", "--as", "aigul", "--passphrase-file",
        "passphrase",
      ], in: folder.url)
    #expect(again.output.contains("no identity here is shared with daniyar"), "\(again.output)\(again.errors)")
  }

  /// Each block on the page is one seizure, and begins with the same office.
  @Test func theFirstHourAfterASeizure() throws {
    let office = try Folder()
    let page = "Docs/ThreatModel.md"
    try GuideTests.prepare(office, for: page)
    var ids: [String: String] = [:]
    try Self.run(
      ["init --as aigul"] + ["bakyt", "cholpon", "daniyar", "erkin"].flatMap(Self.custodian)
        + [("marat", "counsel"), ("serik", "counsel"), ("dana", "reviewer")].flatMap {
          ["key new \($0.0)", Self.admitted($0.0, as: $0.1)]
        } + ["quorum set 2 of bakyt cholpon daniyar --as aigul"]
        + ["bakyt", "cholpon", "daniyar"].map { "quorum accept --as \($0)" } + Self.confirmed(by: "marat")
        + [
          "succession set 2 marat serik --as aigul", "case new --title x --as marat",
          "seal --case C-19XT-4MWA --summary summary.txt --testimony statement.txt --identity source.txt --as marat",
          "read R-7K3F-9QDM --as dana", "identity request R-7K3F-9QDM --purpose x --until 2027-06-30 --as marat",
          "kit new saule --until 2027-06-30 --case C-19XT-4MWA --as marat", "note statement.txt --kit Kit-saule",
          "outbox export saule.tar --kit Kit-saule", "intake saule.tar --as marat", "checkpoint --as aigul",
        ], in: office, &ids)
    let blocks = try Project.blocks(of: page)
    #expect(blocks.count == 7)
    for block in blocks {
      let folder = try Folder()
      for name in try FileManager.default.contentsOfDirectory(atPath: office.url.path) {
        try FileManager.default.copyItem(at: office.url.appending(path: name), to: folder.url.appending(path: name))
      }
      var ids = ids
      for line in block.components(separatedBy: "\n") where !line.isEmpty { try GuideTests.run(line, in: folder, &ids) }
    }
  }

  private static func lines(of page: String, marked mark: String? = nil) throws -> [String] {
    try Project.blocks(of: page, marked: mark).flatMap { $0.components(separatedBy: "\n") }.filter { !$0.isEmpty }
  }

  private static func run(_ lines: [String], in folder: Folder, _ ids: inout [String: String]) throws {
    for line in lines { try GuideTests.run("testimony " + line, in: folder, &ids) }
  }

  private static func custodian(_ name: String) -> [String] { ["key new \(name)", admitted(name)] }

  private static func admitted(_ name: String, as role: String = "custodian") -> String {
    "member admit Keys/\(name).card --role \(role) --as aigul"
  }

  private static func confirmed(by name: String) -> [String] {
    ["bakyt", "cholpon", "daniyar"].map { "quorum confirm \($0) WORDS --as \(name)" }
  }

  /// `--order FILE` writes a file that the page's other commands read as an order.
  private static func written(by line: String, in folder: Folder) throws {
    guard line.contains("pending"), line.contains("--order order.txt") else { return }
    try? FileManager.default.removeItem(at: folder.url.appending(path: "order.txt"))
  }
}
