import Publishing
import Record
import Sodium

/// What the log says was replaced, as far as it is still here: what `relock` and `reseal` entries claim, before anything of
/// it is proven.
struct ReplacementClaims {
  struct Claim {
    enum Kind {
      case lock
      case grant(GrantBody, by: SHA256Hash)
      case layer(Layer)
    }

    let old: ObjectPlace
    let record: ThingID
    /// The manifest that the file belongs to, and the one that stands in its place now: the same for a `relock`.
    let manifest: SHA256Hash
    let standing: SHA256Hash
    let kind: Kind
    let reason: GoneNote.Reason
    /// The entry that says so, and its author.
    let entry: SHA256Hash
    let author: SHA256Hash
  }

  private(set) var all: [Claim] = []
  /// Every manifest of these records by its note.
  private(set) var versions: [SHA256Hash: SealedVersion] = [:]
  /// By what it replaced: the `reseal` entries on the way to what stands now.
  private var reseals: [SHA256Hash: VerifiedEntry] = [:]
  private let me: SHA256Hash

  /// - Parameter records: nil for all.
  init(_ session: Session, _ records: Set<ThingID>?) throws(VaultError) {
    me = session.key.hash
    let log = session.log
    var relocks: [SHA256Hash: [(one: VerifiedEntry, body: RelockBody)]] = [:]
    var grants: [SHA256Hash: (body: GrantBody, author: SHA256Hash)] = [:]
    var touched: Set<ThingID> = []
    for one in log.entries {
      switch one.entry.type {
      case .relock:
        guard let json = try? one.entry.body, let body = try? RelockBody(json) else { continue }
        relocks[body.manifest, default: []].append((one, body))
        touched.insert(ThingID(kind: .record, hash: body.record))
      case .grant:
        guard let json = try? one.entry.body, let body = try? GrantBody(json), grants[body.lock] == nil else {
          continue
        }
        grants[body.lock] = (body, one.entry.author)
      case .reseal:
        guard let head = one.manifest, let replaces = head.replaces else { continue }
        let record = ThingID(kind: .record, hash: head.record)
        touched.insert(record)
        guard let history = log.records[record], let standing = history.standing[one.note],
          history.standing[replaces] == standing
        else { continue }
        reseals[replaces] = one
      default: continue
      }
    }
    if let records { touched.formIntersection(records) }
    if touched.isEmpty { return }
    for one in log.entries {
      guard let head = one.manifest, touched.contains(ThingID(kind: .record, hash: head.record)) else { continue }
      versions[one.note] = SealedVersion(entry: one, head: head, first: one.note)
    }
    let reader = try session.reader()
    let byManifest = Dictionary(grouping: grants.values) { $0.body.manifest }
    for record in touched.sorted() {
      for (manifest, standing) in (log.records[record]?.standing ?? [:]).sorted(by: { $0.key < $1.key }) {
        var known: Set<ObjectPlace> = []
        func add(_ old: ObjectPlace, _ kind: Claim.Kind, _ reason: GoneNote.Reason, _ by: VerifiedEntry) {
          guard session.isHere(old), known.insert(old).inserted else { return }
          all.append(
            Claim(
              old: old, record: record, manifest: manifest, standing: standing, kind: kind, reason: reason,
              entry: by.note, author: by.entry.author))
        }
        // The caller's own word first.
        let told = (relocks[manifest] ?? []).filter { $0.body.record == record.hash }
        for (one, body) in told.filter({ $0.one.entry.author == me }) + told.filter({ $0.one.entry.author != me }) {
          for old in body.old {
            let grant = grants[old].flatMap { $0.body.manifest == manifest && $0.body.record == record.hash ? $0 : nil }
            add(ObjectPlace(.locks, old), grant.map { .grant($0.body, by: $0.author) } ?? .lock, .replace, one)
          }
        }
        guard manifest != standing, let one = reseals[manifest], let version = versions[manifest] else { continue }
        let stated = try version.checkedManifest()
        for layer in [Layer.summary, .testimony] {
          if let object = stated.layers[layer]?.object { add(ObjectPlace(.sealed, object), .layer(layer), .erase, one) }
        }
        for found in reader.locks.found(manifest) where found.epoch != nil {
          add(ObjectPlace(.locks, found.file), .lock, .erase, one)
        }
        for grant in byManifest[manifest] ?? [] where grant.body.record == record.hash {
          add(ObjectPlace(.locks, grant.body.lock), .grant(grant.body, by: grant.author), .erase, one)
        }
      }
    }
  }

  /// Whether the caller made every `reseal` between two manifests.
  func isOwn(from old: SHA256Hash, to new: SHA256Hash) -> Bool {
    var note = old
    var seen: Set<SHA256Hash> = []
    while note != new {
      guard let one = reseals[note], one.entry.author == me, seen.insert(note).inserted else { return false }
      note = one.note
    }
    return true
  }
}
