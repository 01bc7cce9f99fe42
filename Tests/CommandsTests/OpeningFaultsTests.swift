import Foundation
import Testing

/// A disk that fails while identities are written out: before the opening is recorded nothing happened; afterwards the key
/// is gone, and what cannot be written is shown.
@Suite(.enabled(if: Strace.isHere, "strace makes the calls fail")) struct OpeningFaultsTests {
  private static let key = ["--as", "aigul", "--passphrase-file", "pw"]

  /// A record with a name and a document, asked for and approved.
  private func asked() throws -> (folder: Folder, request: String) {
    let folder = try Folder()
    let office = try Office.named("classic")
    try office.copy(to: folder.url)
    try Data(#"{"name": "An Invented Name"}"#.utf8).write(to: folder.url.appendingPathComponent("source.json"))
    func run(_ words: String...) throws -> String {
      let outcome = try Binary.run(words + Self.key, in: folder.url)
      try #require(outcome.exit == 0, "\(words): \(outcome.err)")
      return outcome.out
    }
    let record = Office.id(
      "R",
      in: try run(
        "seal", "--case", office.caseID, "--identity", "source.json", "--identity-attach", "mill.txt"))
    let until = Date(timeIntervalSinceNow: 9 * 86_400).ISO8601Format().prefix(10)
    let request = Office.id(
      "Q", in: try run("identity", "request", record, "--purpose", "x", "--until", String(until)))
    _ = try run("identity", "approve", request, "--confirm", request)
    return (folder, request)
  }

  private func open(_ request: String, in folder: Folder, failing injection: [String], _ more: String...) throws
    -> Binary.Outcome
  {
    try Binary.run(
      ["-f", "-qq", "-o", "/dev/null"] + injection
        + [Binary.path, "identity", "open", request, "--output", "out"] + more + Self.key,
      program: Strace.path, in: folder.url)
  }

  private func isThere(_ folder: Folder) -> Bool {
    FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("out").path)
  }

  @Test(arguments: ["EROFS", "ENOSPC"]) func aFolderThatCannotBeMadeEndsItBeforeItIsRecorded(error: String) throws {
    let (folder, request) = try asked()
    for injection in ["mkdirat:error=\(error):when=1", "fsync:error=\(error):when=1"] {
      let failed = try open(
        request, in: folder, failing: ["-e", "trace=mkdirat,fsync", "-e", "inject=\(injection)"])
      #expect(failed.exit == 31 && !failed.out.contains("Invented"), "\(failed.err)")
      #expect(failed.sentences(by: "testimony").count == 1, "\(failed.err)")
      #expect(!isThere(folder))
    }
    let again = try Binary.run(["identity", "open", request, "--output", "out"] + Self.key, in: folder.url)
    #expect(again.exit == 0, "\(again.err)")
  }

  @Test(arguments: ["linkat ENOSPC 1", "linkat EROFS 2", "fsync EIO 1", "fsync ENOSPC 1"])
  func whatCannotBeNamedIsShownAndLeavesNothing(fault: String) throws {
    let (folder, request) = try asked()
    let words = fault.split(separator: " ")
    // Of the folder itself alone: the vault's own are meant to work.
    let out = folder.url.resolvingSymlinksInPath().appendingPathComponent("out").path
    let failed = try open(
      request, in: folder,
      failing: [
        "-P", out, "-e", "trace=\(words[0])", "-e", "inject=\(words[0]):error=\(words[1]):when=\(words[2])+",
      ])
    #expect(failed.exit == 31, "\(failed.err)")
    #expect(failed.out.contains("An Invented Name"), "\(failed.out)")
    #expect(!failed.out.contains("written"))
    #expect(failed.sentences(by: "testimony").count == 1, "\(failed.err)")
    #expect(!isThere(folder))
    // It was recorded, and the key is destroyed.
    let again = try Binary.run(["identity", "open", request] + Self.key, in: folder.url)
    #expect(again.exit == 14, "\(again.err)")
  }

  @Test func programsGetTheTextToo() throws {
    let (folder, request) = try asked()
    let failed = try open(
      request, in: folder, failing: ["-e", "trace=linkat", "-e", "inject=linkat:error=ENOSPC:when=1+"], "--json")
    #expect(failed.exit == 31)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(failed.out.utf8)) as? [String: Any])
    #expect(object["exit"] as? Int == 31)
    #expect(failed.out.contains("An Invented Name"))
    #expect(!isThere(folder))
  }
}

enum Strace {
  static let path = "/usr/bin/strace"
  static let isHere = FileManager.default.isExecutableFile(atPath: path)
}
