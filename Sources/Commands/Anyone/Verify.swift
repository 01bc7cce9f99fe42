import ArgumentParser
import Platform
import Publishing
import Record
import TestimonyVault

struct Verify: Verb {
  static let words = "verify"
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Is everything here, and what it was? With a key (--as NAME): signatures, roles and seals too.",
    discussion:
      "Writes nothing, stops at no finding, and lists each with its file and meaning. The exit code is the verdict.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let opened = try common.person.map { _ in try face.opened() }
    let folder = try opened?.vault ?? face.vaultFolder()
    // A vault that lacks the caller's own admission is still verified as anyone can; why the key does not fit is said then.
    var session: Session?
    var misfit: (any Error)?
    do { session = try opened.map { try face.session($0, remembering: false, rereading: true) } } catch {
      misfit = error
    }
    let progress = ProgressLine("verifying", face: face)
    defer { progress.end() }
    let counter = Counter()
    var result = try Verification.withoutKey(folder) { count in
      progress.show(done: counter.add(count), total: nil, of: "vault")
    }
    try session?.verify(into: &result)
    progress.end()
    for finding in result.findings {
      try face.out("\(Self.word(finding.kind))  \(finding.place)  \(Self.sentence(finding))")
    }
    try face.out(summary(result, withKey: session != nil))
    try face.out(tree(result))
    face.exit = Self.verdict(result)
    if !result.temporary.isEmpty {
      face.say(
        "\(Amounts.count(result.temporary.count, "half-written file", "half-written files")) of an interrupted run: without effect; the next write of that device removes them"
      )
    }
    hint(result, face)
    if let misfit {
      for finding in result.findings { face.warn("\(finding.place): \(Self.sentence(finding))") }
      throw misfit
    }
    return json(result, withKey: session != nil)
  }

  private func summary(_ result: Verification, withKey: Bool) -> String {
    let bad = result.findings.count { $0.kind == .damaged && Self.isObject($0) }
    var text = "verified \(result.objects - min(bad, result.objects)) of \(result.objects) objects"
    if withKey {
      text += ", \(Amounts.count(result.entries, "entry", "entries")) (\(result.notForYou) not for you)"
      text +=
        ", \(Amounts.count(result.chains, "chain", "chains")), \(Amounts.count(result.records, "record", "records"))"
    }
    return text + "  " + Amounts.count(result.findings.count, "problem", "problems")
  }

  /// Whether it is about a sealed file that is here.
  private static func isObject(_ finding: Finding) -> Bool {
    if case .goneClaimed = finding.meaning { return false }
    return ObjectKind.allCases.contains { finding.place.description.utf8.starts(with: "\($0.rawValue)/".utf8) }
  }

  private func tree(_ result: Verification) -> String {
    guard let checkpoint = result.checkpoint else {
      return "no checkpoint: without a key nobody can tell whether something is missing"
    }
    var text = "checkpoint \(checkpoint.number) covers \(Amounts.count(result.covered, "file", "files"))"
    text += ", \(result.gone) gone on the publishers' word, \(result.notCovered) newer than it"
    if result.stillHere > 0 { text += ", \(result.stillHere) said to be gone and still here" }
    return text
  }

  private func hint(_ result: Verification, _ face: Face) {
    if result.findings.contains(where: { $0.kind == .damaged || $0.kind == .incomplete }) {
      face.say("hint: fetch those files from another copy. Do not delete what is damaged: it may be evidence")
    } else if result.findings.contains(where: { $0.kind == .fork }) {
      face.say("hint: signed words that contradict each other are evidence: keep every copy, and ask the founder")
    } else if !result.findings.isEmpty {
      face.say("hint: foreign files are left alone; they take no part in the vault")
    }
  }

  static func verdict(_ result: Verification) -> ExitCodes {
    switch result.findings.map(\.kind).min() {
    case .none: .done
    case .damaged: .damaged
    case .fork: .fork
    case .incomplete: .incomplete
    case .foreign: .foreign
    }
  }

  static func word(_ kind: Finding.Kind) -> String {
    switch kind {
    case .damaged: "damaged"
    case .fork: "fork"
    case .incomplete: "incomplete"
    case .foreign: "foreign"
    }
  }

  private func json(_ result: Verification, withKey: Bool) -> JSON {
    var object: [(String, JSON)] = [
      ("objects", .integer(Int64(result.objects))), ("bytes", .integer(Int64(result.bytes))),
      ("with-key", .bool(withKey)), ("checkpoint", result.checkpoint.map { .integer(Int64($0.number)) } ?? .null),
      ("covered", .integer(Int64(result.covered))), ("not-covered", .integer(Int64(result.notCovered))),
      ("gone", .integer(Int64(result.gone))), ("still-here", .integer(Int64(result.stillHere))),
    ]
    if withKey {
      object += [
        ("entries", .integer(Int64(result.entries))), ("not-for-you", .integer(Int64(result.notForYou))),
        ("chains", .integer(Int64(result.chains))), ("records", .integer(Int64(result.records))),
        ("cases", .integer(Int64(result.cases))),
      ]
    }
    object.append(
      (
        "findings",
        .array(
          result.findings.map {
            [
              "kind": .string(Self.word($0.kind)), "file": .string($0.place.description),
              "meaning": .string(Self.sentence($0)),
            ]
          })
      ))
    return .object(JSONObject(object))
  }
}
