import Foundation
import Testing

/// A vault with people in it, made once and copied for each test: aigul (founder), bolat (counsel), dana (reviewer),
/// and nura, whose key nobody has admitted. Aigul opens identities alone, and bolat has confirmed her. One case, one record
/// with one attachment, and the case's public summary.
struct Office {
  static let passphrase = "correct horse battery staple"
  static let hybrid = Result { try Office(kind: []) }
  static let classic = Result { try Office(kind: ["--classic"]) }

  let folder: Folder
  let caseID: String
  let record: String

  static func named(_ kind: String) throws -> Office { try (kind == "classic" ? classic : hybrid).get() }

  /// Copies everything into an empty folder.
  func copy(to url: URL) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
      let target = url.appendingPathComponent(name)
      try? FileManager.default.removeItem(at: target)
      try FileManager.default.copyItem(at: folder.url.appendingPathComponent(name), to: target)
    }
  }

  private init(kind: [String]) throws {
    let folder = try Folder()
    let url = folder.url
    try Data("\(Self.passphrase)\n".utf8).write(to: url.appendingPathComponent("pw"))
    try Data("I saw the mill burn.\n".utf8).write(to: url.appendingPathComponent("statement.txt"))
    try Data("a picture of the mill\n".utf8).write(to: url.appendingPathComponent("mill.txt"))
    try Data("At the mill, in spring.\n".utf8).write(to: url.appendingPathComponent("public.txt"))
    func run(_ arguments: String...) throws -> String { try run(arguments: arguments) }
    func run(arguments: [String]) throws -> String {
      let outcome = try Binary.run(arguments + ["--passphrase-file", "pw"], in: url)
      guard outcome.exit == 0 else { throw Failed(what: arguments, said: outcome.err) }
      return outcome.out
    }
    let cheap = ["--work-factor", "10", "--passphrase-file", "pw"]
    _ = try Binary.run(["init", "--as", "aigul"] + cheap + kind, in: url)
    for name in ["bolat", "dana", "nura"] { _ = try Binary.run(["key", "new", name] + cheap, in: url) }
    let roles = [("bolat", "counsel"), ("dana", "reviewer")]
    for (name, role) in roles {
      _ = try run("member", "admit", "Keys/\(name).card", "--role", role, "--confirm", name, "--as", "aigul")
    }
    _ = try run("quorum", "set", "1", "of", "aigul", "--alone", "--as", "aigul")
    _ = try run(arguments: ["quorum", "confirm", "aigul"] + Self.words(of: "aigul", in: url) + ["--as", "bolat"])
    self.caseID = Self.id("C", in: try run("case", "new", "--title", "The mill", "--as", "aigul"))
    self.record = Self.id(
      "R",
      in: try run(
        "seal", "--case", caseID, "--testimony", "statement.txt", "--attach", "mill.txt", "--as", "aigul"))
    _ = try run("publish", caseID, "--summary", "public.txt", "--confirm", caseID, "--as", "aigul")
    self.folder = folder
  }

  struct Failed: Error {
    let what: [String]
    let said: String
  }

  /// The check words of somebody's card, as they read them out.
  static func words(of name: String, in folder: URL) throws -> [String] {
    let shown = try Binary.run(["member", "check", "Keys/\(name).card"], in: folder).out
    let line = shown.split(separator: "\n").first { $0.hasPrefix("check words") } ?? ""
    return line.split(separator: " ").dropFirst(2).map(String.init)
  }

  static func id(_ letter: String, in text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("\(letter)-") }.map(String.init) ?? ""
  }
}
