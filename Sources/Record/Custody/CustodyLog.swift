public import Sodium
import Transparency

/// The custody log as the caller's keys show it: judged entries, and what they say about members, cases and records.
public struct CustodyLog: Sendable {
  public let vault: SHA256Hash
  public private(set) var roster: Roster
  public private(set) var entries: [VerifiedEntry] = []
  public private(set) var refused: [(file: SHA256Hash, fault: EntryFault)] = []
  public private(set) var cases: [ThingID: CaseBody] = [:]
  public private(set) var records: [ThingID: [SealedVersion]] = [:]
  /// Cases and records about which their own author signed two different things. Nothing new is sealed into such a case;
  /// of such a record both are kept and shown.
  public private(set) var contested: Set<ThingID> = []
  /// The entries of such things that are believed, or kept, all the same.
  public private(set) var contradicted: [SHA256Hash] = []
  private var caseFiles: [ThingID: SHA256Hash] = [:]
  /// Where each author's chains stand: every well-signed entry, whether or not it is accepted.
  public private(set) var positions: [SHA256Hash: [ChainPosition]] = [:]
  /// Every circle that some good entry names as the reviewers of a case.
  private var caseCircles: [ThingID: Set<String>] = [:]
  private var notes: Set<SHA256Hash> = []
  /// Entries of a type that this version does not know: signed well, kept, without effect.
  public private(set) var unknown: [VerifiedEntry] = []

  /// Entries of a version that this program does not know, signed by the founder's key or by counsel.
  public private(set) var newer: [SHA256Hash] = []
  private var newerToMembers = false

  /// Judges everything that was opened: first what makes the roster, then what rests on it.
  /// - Parameter newer: signed notes whose first line names another version of entries.
  public init(vault: VaultNote, entries unverified: [UnverifiedEntry], newer: [UnreadableEntry] = []) {
    self.vault = vault.id
    self.roster = Roster(founder: vault.founder)
    var parsed: [(UnverifiedEntry, Entry)] = []
    for one in unverified {
      do { parsed.append((one, try Entry(one.sealed.body))) } catch { refused.append((one.file, .malformed(error))) }
    }
    // One author's entries in their order; between authors the order does not matter here.
    parsed.sort {
      ($0.1.author, $0.1.chain.hex, $0.1.seq, $0.0.sealed.note.textHash) < (
        $1.1.author, $1.1.chain.hex, $1.1.seq, $1.0.sealed.note.textHash
      )
    }
    let founder = roster.founderKey
    for (one, entry) in parsed where entry.author == founder { judge(one, entry) }
    for (one, entry) in parsed where entry.author != founder && entry.type == .case { judge(one, entry) }
    for (one, entry) in parsed where entry.author != founder && entry.type != .case { judge(one, entry) }
    for one in newer { judge(one) }
  }

  /// Only what those signed who may write about the members can be news: others could stop all writing with it.
  private mutating func judge(_ one: UnreadableEntry) {
    let keys = [roster.founder] + roster.members.values.filter { $0.holds(.counsel) }.map(\.admission.card.signing)
    let verifiers = keys.compactMap { try? NoteVerifier(name: KeyName.member(of: vault), key: $0) }
    guard (try? one.note.verified(by: verifiers)) != nil else {
      return refused.append((one.file, .signature))
    }
    newer.append(one.file)
    if one.openedBy.circle == CircleName.members { newerToMembers = true }
  }

  private mutating func judge(_ one: UnverifiedEntry, _ entry: Entry) {
    do { try accept(one, entry) } catch { refused.append((one.file, error)) }
  }

  private mutating func accept(_ one: UnverifiedEntry, _ entry: Entry) throws(EntryFault) {
    guard entry.vault == vault else { throw .otherVault }
    guard entry.to == one.openedBy else { throw .otherAudience }
    guard let key = roster.key(of: entry.author) else { throw .unknownAuthor }
    let note: SHA256Hash
    do { note = try one.sealed.verified(as: KeyName.member(of: vault), by: key) } catch { throw .signature }
    positions[entry.author, default: []].append(ChainPosition(chain: entry.chain, seq: entry.seq, note: note))
    // Only epochs that the founder named: a key that somebody handed to one member speaks to nobody.
    if entry.author != roster.founderKey {
      let epochs = roster.circles[entry.to.circle] ?? []
      guard epochs.contains(where: { $0.epoch == entry.to.epoch }) else { throw .otherAudience }
    }
    // One note sealed anew, by whomever, is one note.
    guard notes.insert(note).inserted else { return }
    let verified = VerifiedEntry(file: one.file, note: note, entry: entry)
    do { try apply(verified) } catch let fault as EntryFault { throw fault } catch let error as RecordError {
      throw .malformed(error)
    } catch { throw .malformed(.field("body")) }
    entries.append(verified)
  }

  private mutating func apply(_ verified: VerifiedEntry) throws {
    let entry = verified.entry
    let byFounder = entry.author == roster.founderKey
    let byCounsel = roster.members[entry.author]?.holds(.counsel) ?? false
    switch entry.type {
    case .admit:
      guard byFounder else { throw EntryFault.role }
      guard entry.to.circle == CircleName.members else { throw EntryFault.otherAudience }
      guard roster.apply(try Admission(entry.body), entry: verified.note) else { throw EntryFault.contradiction }
    case .circle:
      guard byFounder else { throw EntryFault.role }
      guard entry.to.circle == CircleName.members else { throw EntryFault.otherAudience }
      guard roster.apply(try CircleBody(entry.body), entry: verified.note) else { throw EntryFault.contradiction }
    case .case:
      guard byCounsel else { throw EntryFault.role }
      let body = try CaseBody(entry.body)
      guard entry.to.circle == body.reviewers else { throw EntryFault.otherAudience }
      guard body.origin.author == entry.author else { throw EntryFault.malformed(.origin) }
      let id = body.origin.id(.case, in: vault)
      caseCircles[id, default: []].insert(body.reviewers)
      if let other = cases[id], other.json != body.json {
        contested.insert(id)
        if let file = caseFiles[id] { contradicted.append(file) }
        throw EntryFault.contradiction
      }
      cases[id] = body
      caseFiles[id] = verified.file
    case .seal:
      guard byCounsel else { throw EntryFault.role }
      let manifest = try Manifest(entry.body, vault: vault)
      guard let circles = caseCircles[ThingID(kind: .case, hash: manifest.caseID)] else { throw EntryFault.unknownCase }
      guard circles.contains(entry.to.circle) else { throw EntryFault.otherAudience }
      // Later versions are another type of entry.
      guard manifest.version == 1 else { throw EntryFault.contradiction }
      guard manifest.origin.author == entry.author else { throw EntryFault.malformed(.origin) }
      let id = manifest.recordID(in: vault)
      // First manifests with one origin: with the same objects they are one record. With others the author contradicts
      // himself, and no order of entries can say which was meant: both are kept.
      let known = records[id] ?? []
      if known.contains(where: { $0.manifest.json(vault: vault) == manifest.json(vault: vault) }) { return }
      records[id, default: []].append(SealedVersion(manifest: manifest, entry: verified))
      if !known.isEmpty {
        contested.insert(id)
        contradicted += known.map(\.entry.file) + [verified.file]
      }
    case .publish:
      guard byCounsel else { throw EntryFault.role }
      guard entry.to.circle == CircleName.counsel else { throw EntryFault.otherAudience }
      _ = try PublishBody(entry.body)
    default:
      unknown.append(verified)
    }
  }

  /// Whether an entry of an unknown type speaks to all members: it may concern the roster, so nothing is written.
  public var mayMissRoster: Bool {
    newerToMembers
      || unknown.contains { one in
        one.entry.to.circle == CircleName.members
          && (one.entry.author == roster.founderKey || roster.members[one.entry.author]?.holds(.counsel) ?? false)
      }
  }

  /// The one record or case that a shown id means; nil where none does.
  public func records(matching id: ShownID) -> [ThingID] { records.keys.filter { id.matches($0) }.sorted() }
  public func cases(matching id: ShownID) -> [ThingID] { cases.keys.filter { id.matches($0) }.sorted() }
}

extension [UInt8] {
  fileprivate var hex: String { Hex.encode(self) }
}
