import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A vault with a quorum of 2 of 3, and kits that bolat made: what the field's tests start from.
final class FieldOffice {
  let office: QuorumOffice
  var sample: SampleVault { office.sample }

  init(_ kind: KeyKind = .classic) throws { office = try QuorumOffice(2, of: 3, kind) }

  func url(_ name: String) -> URL { sample.folder.appending(path: name) }
  func path(_ name: String) -> PathBytes { PathBytes(url(name).path) }
  func bolat() throws -> Session { try office.counsel() }
  func aigul() throws -> Session { try sample.founder() }

  /// - Parameter seconds: from now, until when the kit is.
  func kit(_ worker: String = "dana", for seconds: Int64 = 86_400, rule: SafetyRule = .twoCounsel) throws -> FieldKit {
    let plan = KitPlan(
      worker: try PersonName(worker), until: QuorumOffice.now(plus: seconds), rule: rule, caseID: nil, language: "en",
      form: [])
    _ = try bolat().makeKit(plan, in: path("Kit-\(worker)"), passphrase: SampleVault.secret(), logN: 10)
    return try open(worker)
  }

  /// Opens a kit anew, as each command does.
  func open(_ worker: String = "dana", at name: String? = nil) throws -> FieldKit {
    let folder = try KeyFolder(opening: path(name ?? "Kit-\(worker)"))
    let file = try #require(try folder.read(PathBytes("\(worker).key")))
    return try FieldKit(
      opening: folder, key: KeyFile.open(file, place: "kit", passphrase: SampleVault.secret()))
  }

  func told(_ worker: String = "dana") throws -> Kit { try bolat().kit(named: worker) }

  static func draft(_ text: String = "a note", attaching files: [PathBytes] = []) throws -> NoteDraft {
    var draft = NoteDraft()
    draft.fields = ["statement": .string(text)]
    draft.attachments = try files.map { try AttachmentSource($0) }
    return draft
  }

  /// Carries drops, all of them by default, into a folder.
  @discardableResult
  func carry(_ kit: FieldKit, _ drops: [Outbox.Drop]? = nil, to name: String = "out") throws -> URL {
    _ = try kit.export(drops ?? kit.held, into: path(name))
    return url(name)
  }

  /// Takes in what lies there, as bolat does.
  @discardableResult
  func intake(_ names: String..., accepting reason: String? = nil, as key: MemberKey? = nil) throws -> (
    intake: Intake, taken: [Taken]
  ) {
    let session = try sample.session(key ?? office.bolat)
    let sources = try DropSources(names.map { path($0) })
    let intake = try session.examine(sources)
    let all = intake.arrivals.map { (arrival: $0, caseID: Optional(office.caseID)) }
    return (intake, try session.take(all, from: sources, accepting: reason))
  }

  func receipt(for worker: String = "dana", by key: MemberKey? = nil) throws -> [UInt8] {
    let session = try sample.session(key ?? office.bolat)
    return try session.signReceipt(for: session.kit(named: worker)).file
  }

  /// Every file of the vault, by its place.
  func files() throws -> Set<String> { try Self.files(below: url("Vault")) }

  static func files(below url: URL) throws -> Set<String> {
    let all = try FileManager.default.subpathsOfDirectory(atPath: url.path)
    return Set(
      try all.filter { try url.appending(path: $0).resourceValues(forKeys: [.isDirectoryKey]).isDirectory != true })
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: url(name)) }

  func copy(_ name: String, to other: String) throws {
    try FileManager.default.copyItem(at: url(name), to: url(other))
  }

  /// Where a file of a kit's outbox lies.
  func outbox(_ hash: SHA256Hash, of worker: String = "dana") -> String {
    "Kit-\(worker)/outbox/\(ObjectPlace(.sealed, hash))"
  }

  func cut(_ name: String, to count: Int) throws {
    try Data(contentsOf: url(name)).prefix(count).write(to: url(name))
  }
}

extension FieldKit {
  @discardableResult
  func note(_ text: String = "a note", attaching files: [PathBytes] = []) throws -> Outbox.Drop {
    try seal(FieldOffice.draft(text, attaching: files)).drop
  }
}

extension Intake {
  var verdicts: [Int: Arrival.Verdict] {
    Dictionary(arrivals.map { ($0.head.number, $0.verdict) }) { first, _ in first }
  }
}

/// The fault of a kit that something ends with.
func kitFault(_ body: () throws -> Void, _ place: SourceLocation = #_sourceLocation) -> KitFault? {
  if case .kit(let fault)? = failure(body, place) { fault } else { nil }
}
