public import Record
public import Sodium

/// One version of a record, as one member sees it.
public struct VersionRead: Sendable {
  public let version: SealedVersion
  /// `2`, or `2a` where others were made apart.
  public let label: String
  /// The name of whoever sealed it, as the roster knows it.
  public let author: String?
  public let time: ClaimedTime
  /// Nil where this member cannot open the version's layer, or where it is damaged.
  public let opened: OpenedLayer?
  public let failure: VaultError?

  /// Nothing was recorded in this layer of this version.
  public var isEmpty: Bool {
    guard let compartment = opened?.compartment else { return false }
    return compartment.fields.members?.isEmpty ?? true && compartment.attachments.isEmpty
  }

  public var addition: Addition? { opened.flatMap { Addition(in: $0.compartment.fields) } }
}

/// A reviewer's words about a record, or the public text that somebody proposed for a case.
public struct ReviewRead: Sendable {
  public let author: String?
  public let time: ClaimedTime
  public let note: SHA256Hash
  public let body: ReviewBody
}

extension Session {
  /// A layer of all versions of a record, oldest first, or of the one with that label: everything is opened and checked
  /// before any of it is given out. Throws where not one of them can be opened.
  public func read(_ layer: Layer, of record: ThingID, only label: String? = nil) throws(VaultError) -> [VersionRead] {
    let history = try history(of: record)
    var wanted = history.versions
    if let label {
      guard let one = history.version(labelled: label) else { throw .noVersion(record, label) }
      wanted = [one]
    }
    let reader = try reader()
    var read: [VersionRead] = []
    for version in wanted {
      let outcome = Self.attempt { () throws(VaultError) in try reader.open(layer, of: record, version) }
      let entry = version.first(in: log)
      read.append(
        VersionRead(
          version: version, label: history.label(version), author: log.roster.members[entry.author]?.name,
          time: entry.time, opened: outcome.opened, failure: outcome.failure))
    }
    if !read.contains(where: { $0.opened != nil }), let failure = read.last?.failure { throw failure }
    return read
  }

  private static func attempt(
    _ body: () throws(VaultError) -> OpenedLayer
  ) -> (opened: OpenedLayer?, failure: VaultError?) {
    do { return (try body(), nil) } catch { return (nil, error) }
  }

  /// What reviewers wrote about a record, oldest first.
  public func assessments(of record: ThingID) -> [ReviewRead] { reviews(.assess, about: record.hash) }

  /// The public texts that were proposed for a case, oldest first: they are counted from 1.
  public func proposals(for caseID: ThingID) -> [ReviewRead] { reviews(.propose, about: caseID.hash) }

  private func reviews(_ type: EntryType, about thing: SHA256Hash) -> [ReviewRead] {
    let found = log.entries.compactMap { one -> ReviewRead? in
      guard one.entry.type == type, let json = try? one.entry.body, let body = try? ReviewBody(json),
        body.about == thing
      else { return nil }
      return ReviewRead(
        author: log.roster.members[one.entry.author]?.name, time: one.entry.time, note: one.note, body: body)
    }
    return found.sorted { ($0.time.description, $0.note) < ($1.time.description, $1.note) }
  }
}

extension SealedVersion {
  /// The entry by which the version came to be, also where it was resealed since by somebody else.
  func first(in log: CustodyLog) -> Entry {
    log.entries.first { $0.note == first }?.entry ?? entry.entry
  }
}
