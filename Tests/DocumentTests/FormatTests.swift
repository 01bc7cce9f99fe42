import Foundation
import Testing

/// Docs/Format.md and Docs/Recovery.md, held against what the program writes.
struct FormatTests {
  /// A vault made by the program, and how it goes on.
  struct Made {
    let folder: Folder
    var caseID = ""
    var records: [String] = []

    /// Runs the program, which must succeed.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
      let program = try Project.program().path
      let result = try Project.run([program] + arguments + ["--passphrase-file", "passphrase"], in: folder.url)
      try #require(result.status == 0, "\(arguments): \(result.errors)")
      return result.output
    }

    func id(_ letter: String, in output: String) throws -> String {
      String(try #require(output.firstMatch(of: try Regex("\(letter)-[0-9A-Z]{4}-[0-9A-Z]{4}"))).0)
    }

    /// A person compares these custodians' words, as they read them out.
    func confirm(_ names: [String], by person: String) throws {
      for name in names {
        let card = try run("member", "check", "Keys/\(name).card")
        let words = try #require(card.firstMatch(of: #/check words  (.+)/#)).1
        try run("quorum", "confirm", name, String(words), "--as", person)
      }
    }

    /// Asks for the identities of a record; gives the request's id.
    func request(_ record: String, _ more: String..., by person: String) throws -> String {
      let until = Date(timeIntervalSinceNow: 9 * 86_400).ISO8601Format().prefix(10)
      let result = try Project.run(
        [
          try Project.program().path, "identity", "request", record, "--purpose", "a purpose", "--until", String(until),
          "--as", person, "--passphrase-file", "passphrase",
        ] + more, in: folder.url)
      try #require(result.status == 0, "\(result.errors)")
      return try id("Q", in: result.output)
    }

    func copy(_ arguments: String...) throws {
      let result = try Project.run(["cp"] + arguments, in: folder.url)
      try #require(result.status == 0, "\(result.errors)")
    }
  }

  /// A small vault: one reviewer, one case, two records, one published text. Aigul opens identities alone.
  @discardableResult
  static func vault(_ kind: String, in folder: Folder) throws -> Made {
    try folder.write("passphrase", "a passphrase for the format\n")
    try folder.write("statement.txt", "What was said.\n")
    try folder.write(
      "id.txt", "# testimony form: identity\nname: An invented name\nfamily: a\nfamily: b\n--- notes\ntext\n")
    try folder.write("sum.json", #"{"form":"summary","abstract":"x\u202ey","n":1.50,"extra":{"a":[1]}}"#)
    try folder.write(
      "public.txt", "# testimony form: public\ntitle: A\tb\nviolation: a\nviolation: b\n--- summary\nText\r\nmore\n")
    try Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }).write(
      to: folder.url.appending(path: "photo.jpg"))
    var made = Made(folder: folder)
    _ = try Project.run(
      [try Project.program().path, "init", "--as", "aigul", "--work-factor", "10", "--passphrase-file", "passphrase"]
        + (kind == "classic" ? ["--classic"] : []), in: folder.url)
    try made.run("quorum", "set", "1", "of", "aigul", "--alone", "--as", "aigul")
    try made.run("key", "new", "dana", "--work-factor", "10")
    try made.run("member", "admit", "Keys/dana.card", "--role", "reviewer", "--as", "aigul", "--confirm", "dana")
    made.caseID = try made.id("C", in: try made.run("case", "new", "--title", "A case", "--as", "aigul"))
    for files in [
      ["--summary", "sum.json", "--attach", "photo.jpg", "--identity", "id.txt"], ["--identity-attach", "photo.jpg"],
    ] {
      let result = try Project.run(
        [
          try Project.program().path, "seal", "--case", made.caseID, "--testimony", "statement.txt", "--as", "aigul",
          "--passphrase-file", "passphrase",
        ] + files, in: folder.url)
      made.records.append(try made.id("R", in: result.output))
    }
    try made.run("publish", made.caseID, "--summary", "public.txt", "--confirm", made.caseID, "--as", "aigul")
    return made
  }

  /// The same vault after a year: everything that this version writes.
  static func history(_ kind: String, in folder: Folder) throws -> Made {
    let made = try vault(kind, in: folder)
    let (first, second, own) = (made.records[0], made.records[1], made.caseID)
    for name in ["marat", "nadia"] {
      try made.run("key", "new", name, "--work-factor", "10")
      try made.run("member", "admit", "Keys/\(name).card", "--role", "counsel", "--as", "aigul", "--confirm", name)
      try made.confirm(["aigul"], by: name)
    }
    try made.run(
      "amend", first, "--translation", "statement.txt", "--from", "kk", "--to", "en", "--translator", "m", "--date",
      "2026-11-01", "--authoritative", "original", "--as", "marat")
    try made.run("amend", first, "--correction", "statement.txt", "--attach", "photo.jpg", "--as", "aigul")
    try made.run("grant", first, "testimony", "--to", "dana", "--as", "aigul")
    try made.run("read", first, "testimony", "--as", "dana")
    try made.run("read", first, "testimony", "--as", "marat")
    try made.run("assess", first, "--file", "statement.txt", "--as", "dana")
    try made.run("propose", own, "--summary", "public.txt", "--as", "dana")
    try made.run("checkpoint", "--as", "aigul")
    // On a copy one amends the same record, and one who is suspended meanwhile seals.
    try made.copy("-a", "Vault", "apart")
    try made.run("amend", second, "--testimony", "statement.txt", "--as", "marat", "--vault", "apart")
    try made.run("seal", "--case", own, "--testimony", "statement.txt", "--as", "nadia", "--vault", "apart")
    try made.run("amend", second, "--correction", "statement.txt", "--as", "aigul")
    try made.run("member", "suspend", "nadia", "--reason", "a reason", "--as", "marat", "--confirm", "nadia")
    try made.run("circle", "new", "team", "--with", "dana", "--as", "aigul")
    let other = try made.id(
      "C", in: try made.run("case", "new", "--title", "Another", "--reviewers", "team", "--as", "aigul"))
    try made.run("seal", "--case", other, "--summary", "sum.json", "--as", "marat")
    try made.copy("-an", "apart/.", "Vault/")
    try made.run("amend", second, "--summary", "sum.json", "--as", "aigul")
    let late = String(try #require(try made.run("adopt", "--as", "marat").firstMatch(of: #/adopt ([0-9a-f]{12})/#)).1)
    try made.run("adopt", late, "--reason", "known to be good", "--as", "marat", "--confirm", String(late.prefix(8)))
    try made.run("member", "remove", "nadia", "--reason", "left", "--as", "aigul", "--confirm", "nadia")
    // Who was removed goes on with a copy, and brings it back.
    try made.run("seal", "--case", own, "--testimony", "statement.txt", "--as", "nadia", "--vault", "apart")
    try made.copy("-an", "apart/.", "Vault/")
    try made.run("circle", "rotate", "reviewers", "--as", "aigul")
    try quorum(made, fieldCase: other)
    try made.run("relock", first, "--as", "aigul", "--confirm", first)
    try made.run("relock", second, "--as", "marat", "--confirm", second)
    try made.run("reseal", first, "--as", "marat", "--confirm", first)
    try made.run("checkpoint", "--as", "aigul")
    try made.run("handover", "marat", "--as", "aigul", "--confirm", "marat")
    try made.run("publish", own, "--proposal", "1", "--confirm", own, "--as", "marat")
    try made.run("checkpoint", "--as", "marat")
    try made.run("policy", "set", "--publish", "2", "--as", "aigul")
    try made.run("publish", other, "--summary", "public.txt", "--confirm", other, "--as", "marat")
    try made.run("search", "said", "--as", "dana")
    try made.run("search", "said", "--as", "marat")
    try made.run("succession", "set", "1", "marat", "--as", "aigul")
    try made.run("succession", "propose", "marat", "--as", "marat", "--confirm", "marat")
    try made.run("succession", "take", "--as", "marat")
    try made.run("circle", "rotate", "custodians", "--as", "marat")
    return made
  }

  /// A kit, of whose two notes one is filed, and one kept apart: it came after the kit's end.
  private static func field(_ made: Made, in caseID: String) throws {
    let until = Date(timeIntervalSinceNow: 9 * 86_400).ISO8601Format().prefix(10)
    try made.run(
      "kit", "new", "saule", "--until", String(until), "--case", caseID, "--kit-passphrase-file", "passphrase", "--as",
      "marat")
    for (number, status) in [("1", Int32(0)), ("2", 3)] {
      try made.run("note", "statement.txt", "--attach", "photo.jpg", "--identity", "id.txt", "--kit", "Kit-saule")
      try made.run("outbox", "export", "\(number).tar", number, "--kit", "Kit-saule")
      let result = try Project.run(
        [
          try Project.program().path, "intake", "\(number).tar", "--as", "marat", "--passphrase-file", "passphrase",
        ], in: made.folder.url)
      try #require(result.status == status, "\(result.output)\(result.errors)")
      if number == "1" { try made.run("kit", "revoke", "saule", "--as", "aigul") }
    }
  }

  /// A policy that changes the first, requests under both, a drill, and shares that are handed on.
  private static func quorum(_ made: Made, fieldCase: String) throws {
    let first = made.records[0]
    for name in ["serik", "zeynep", "nura"] {
      try made.run("key", "new", name, "--work-factor", "10")
      try made.run("member", "admit", "Keys/\(name).card", "--role", "custodian", "--as", "aigul", "--confirm", name)
    }
    try made.run("key", "new", "phone", "--work-factor", "10")
    try made.run(
      "member", "admit", "Keys/phone.card", "--role", "custodian", "--as", "aigul", "--confirm", "phone",
      "--same-person-as", "serik")
    // One policy that nobody takes on, and one in its stead.
    try made.run("quorum", "set", "2", "of", "serik", "nura", "--as", "aigul")
    try made.run("quorum", "set", "2", "of", "serik", "zeynep", "--as", "aigul")
    for name in ["serik", "zeynep"] { try made.run("quorum", "accept", "--as", name) }
    for name in ["aigul", "marat"] { try made.confirm(["serik", "zeynep"], by: name) }
    try made.run("amend", first, "--identity", "id.txt", "--as", "marat")
    try field(made, in: fieldCase)
    let opened = try made.request(first, "--order", "statement.txt", by: "marat")
    for name in ["serik", "zeynep", "aigul"] {
      try made.run("identity", "approve", opened, "--confirm", opened, "--as", name)
    }
    try made.run("identity", "open", opened, "--as", "marat")
    let cancelled = try made.request(first, by: "marat")
    try made.run("identity", "deny", cancelled, "--reason", "not again", "--as", "zeynep")
    try made.run("identity", "cancel", cancelled, "--as", "marat")
    let waiting = try made.request(first, by: "marat")
    try made.run("identity", "approve", waiting, "--confirm", waiting, "--as", "serik")
    let drill = try made.id("Q", in: try made.run("drill", "--as", "aigul"))
    for name in ["serik", "zeynep"] { try made.run("identity", "approve", drill, "--confirm", drill, "--as", name) }
    try made.run("identity", "open", drill, "--as", "aigul")
    try made.confirm(["nura"], by: "serik")
    try made.run("quorum", "replace", "serik", "nura", "--confirm", "nura", "--as", "serik")
  }

  @Test(arguments: ["hybrid", "classic"])
  func aReaderWrittenFromThePageAgreesWithEveryByte(kind: String) throws {
    let folder = try Folder()
    try Self.vault(kind, in: folder)
    for person in ["aigul", "dana"] {
      let result = try Project.run(
        [
          "python3", Project.root.appending(path: "Tests/DocumentTests/reader.py").path, "Vault", "Keys/\(person).key",
          "a passphrase for the format",
        ], in: folder.url)
      #expect(result.status == 0, "\(person): \(result.errors)")
      #expect(result.output.matches(of: /record R-/).count == 2)
      #expect(result.output.contains("testimony ok") == (person == "aigul"))
      // Who opens alone holds the only share, which is the key.
      #expect(result.output.contains("identity ok ['name', 'family', 'notes']") == (person == "aigul"))
      #expect(result.output.contains(" 1 aigul alone"))
    }
  }

  /// The verdicts on every entry, the versions and their names follow from the page: reader and program agree.
  @Test(arguments: ["hybrid", "classic"])
  func aReaderWrittenFromThePageJudgesAWholeHistoryAlike(kind: String) throws {
    let folder = try Folder()
    let made = try Self.history(kind, in: folder)
    let program = try Project.program().path
    func data(_ arguments: [String]) throws -> [String: Any] {
      let result = try Project.run(
        [program] + arguments + ["--json", "--passphrase-file", "passphrase"], in: folder.url)
      let all = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      return try #require(all?["data"] as? [String: Any], "\(arguments): \(result.errors)")
    }
    for person in ["aigul", "marat", "dana", "zeynep", "nura"] {
      let result = try Project.run(
        [
          "python3", Project.root.appending(path: "Tests/DocumentTests/reader.py").path, "Vault", "Keys/\(person).key",
          "a passphrase for the format",
        ], in: folder.url)
      #expect(result.status == 0, "\(person): \(result.errors)")
      // The policies that counted, the last one in force; and what each holds of the identities.
      let policies = result.output.matches(of: #/policy ([0-9a-f]{64}) (\d) (\S+)/#)
      #expect(policies.map { "\($0.2) \($0.3)" } == ["1 aigul", "2 serik,zeynep"], "\(person)")
      let inForce = try data(["quorum", "show", "--as", person])["in-force"] as? [String: Any]
      #expect(inForce?["policy"] as? String == policies.last.map { String($0.1) })
      // Of the first record's four versions: three under the first policy, the fourth handed on by serik to nura.
      let shares = result.output.matches(of: #/\nshare (\d of \d version \d) of (R-\S+)/#)
        .filter { $0.2 == made.records[0] }.map { String($0.1) }
      let wanted = [
        "aigul": (1...3).map { "1 of 1 version \($0)" }, "zeynep": ["2 of 2 version 4"], "nura": ["1 of 2 version 4"],
      ]
      #expect(shares.sorted() == wanted[person] ?? [], "\(person)")
      #expect(result.output.contains("approval serik 1 of 4") == (person == "marat"))
      let notes = result.output.matches(of: #/\nnote saule (\d) (\w+) R-/#).map { "\($0.1) \($0.2)" }
      #expect(
        notes.sorted() == (["aigul", "marat"].contains(person) ? ["1 filed", "2 quarantined"] : []), "\(person)")
      if ["zeynep", "nura"].contains(person) { continue }
      let verified = try data(["verify", "--as", person])
      func number(_ name: String) -> Int { (verified[name] as? NSNumber)?.intValue ?? -1 }
      let findings = (verified["findings"] as? [Any])?.count ?? -1
      #expect(
        result.output.contains(
          "entries \(number("entries")) notforyou \(number("not-for-you")) late 1 "
            + "records \(number("records")) problems \(findings)"), "\(person): \(result.output.suffix(400))")
      #expect(number("records") == 6)
      let labels = try #require(result.output.firstMatch(of: #/labels (.*)/#)).1
      let read = try #require(
        try JSONSerialization.jsonObject(with: Data(labels.utf8)) as? [String: [String]])
      #expect(read[made.records[0]] == ["1", "2", "3", "4"])
      #expect(read[made.records[1]] == ["1", "2a", "2b", "3"])
      let shown = try data(["read", made.caseID, "--as", person])["records"] as? [[String: Any]] ?? []
      #expect(shown.count == 3)
      for one in shown {
        let id = try #require(one["record"] as? String)
        #expect(read[id] == one["versions"] as? [String])
      }
    }
  }

  @Test func recoveryReadsEveryVersionOfAHistory() throws {
    let folder = try Folder()
    let made = try Self.history("classic", in: folder)
    let script = try Project.blocks(of: "Docs/Recovery.md").joined(separator: "\n")
    let result = try Project.run(
      ["bash", "-euo", "pipefail", "-c", script], in: folder.url,
      environment: [
        "OPEN": Project.root.appending(path: "Scripts/emergency/open").path, "KEY": "Keys/dana.key",
        "PASSPHRASE_FILE": "passphrase", "SAVE": folder.url.appending(path: "saved").path, "RECORD": made.records[0],
      ])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    // What she was granted, resealed since; and nothing of an identity.
    for version in 1...3 { #expect(result.output.contains("version-\(version): you can open: testimony")) }
    #expect(result.output.contains("translator: m"))
    #expect(!result.output.contains("identity"))
  }

  /// The promise of the sample: this version opens what an earlier one sealed, and so does the page.
  @Test func theSampleIsReadByThePage() throws {
    let folder = try Folder()
    for name in ["Keys", "Vault"] {
      try FileManager.default.copyItem(at: Project.root.appending(path: name), to: folder.url.appending(path: name))
    }
    let result = try Project.run(
      [
        "python3", Project.root.appending(path: "Tests/DocumentTests/reader.py").path, "Vault", "Keys/aigul.key",
        "this sample protects nobody",
      ], in: folder.url, environment: ["TIMES": "any"])
    #expect(result.status == 0, "\(result.errors)")
    try folder.write("passphrase", "this sample protects nobody\n")
    let program = try Project.program().path
    for person in ["aigul", "dana", "marat"] {
      let verified = try Project.run(
        [program, "verify", "--as", person, "--passphrase-file", "passphrase"], in: folder.url)
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
      #expect(verified.output.contains("2 records  0 problems"))
    }
  }

  @Test(arguments: ["hybrid", "classic"], ["aigul", "dana"])
  func recoveryWorksWordByWordWithoutOurProgram(kind: String, person: String) throws {
    let folder = try Folder()
    let made = try Self.vault(kind, in: folder)
    let script = try Project.blocks(of: "Docs/Recovery.md").joined(separator: "\n")
    #expect(script.contains("your key is unlocked"))
    let result = try Project.run(
      ["bash", "-euo", "pipefail", "-c", script], in: folder.url,
      environment: [
        "OPEN": Project.root.appending(path: "Scripts/emergency/open").path, "KEY": "Keys/\(person).key",
        "PASSPHRASE_FILE": "passphrase", "SAVE": folder.url.appending(path: "saved").path,
        // Two records of one second have no order, and only one has the photograph in its testimony.
        "RECORD": made.records[0],
      ])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    let mayRead = person == "aigul"
    #expect(result.output.contains("you can open: summary"))
    #expect(result.output.contains("you can open: testimony") == mayRead)
    #expect(result.output.contains("What was said.") == mayRead)
    if mayRead {
      let saved = try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "saved").path)
      let photo = try Data(contentsOf: folder.url.appending(path: "photo.jpg"))
      let copies = try saved.map { try Data(contentsOf: folder.url.appending(path: "saved/\($0)")) }
      #expect(copies.contains(photo), "\(saved)")
    }
  }

  /// In a classic vault every step by hand with `age` alone; in a hybrid one with the emergency opener.
  @Test(arguments: ["hybrid", "classic"], ["summary", "testimony", "identity"])
  func theChainOfKeysOpensByHand(kind: String, layer: String) throws {
    let folder = try Folder()
    try Self.vault(kind, in: folder)
    let script = try Project.blocks(of: "Docs/Format.md").joined(separator: "\n")
    let byHand = kind == "classic" && FileManager.default.isExecutableFile(atPath: "/usr/bin/age")
    if kind == "classic", !byHand { print("skipped: age is not installed; the emergency opener stands in for it") }
    let tests = Project.root.appending(path: "Tests/DocumentTests")
    let opener = Project.root.appending(path: "Scripts/emergency/open").path
    let combine =
      Project.root.appending(path: "Scripts/emergency/words-to-key").path + (kind == "classic" ? " --classic" : "")
    let result = try Project.run(
      [
        "python3", tests.appending(path: "answer.py").path, "a passphrase for the format", "bash", "-euo", "pipefail",
        "-c", script,
      ],
      in: folder.url,
      environment: ["UNSEAL": byHand ? "age -d" : opener, "KEY": "Keys/aigul.key", "LAYER": layer, "COMBINE": combine])
    #expect(result.status == 0, "\(result.output.suffix(2000))\(result.errors)")
    let content = ["summary": "x", "testimony": "What was said.", "identity": "An invented name"]
    #expect(result.output.contains(content[layer] ?? "-") || result.output.contains("fields"))
  }
}
