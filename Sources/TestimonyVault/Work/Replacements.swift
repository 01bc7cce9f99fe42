import Publishing
import Record
import Sodium

/// The files that the log says were replaced, and by which.
struct Replacements {
  struct One {
    let new: ObjectPlace
    let reason: GoneNote.Reason
  }

  /// By the old file.
  private(set) var all: [ObjectPlace: One] = [:]

  var isEmpty: Bool { all.isEmpty }

  /// Sealed files that are gone on enough publishers' word, and still here, by what took their place.
  private let lingering: [ObjectPlace: [ObjectPlace]]

  init(_ session: Session, _ records: Set<ThingID>?, _ tree: TreeRecord) throws(VaultError) {
    let wanted = records.map { Set($0.map(\.hash)) }
    lingering = Dictionary(
      grouping: tree.gone.filter { $0.key.folder == .sealed && $0.value.isEnough && $0.value.new != nil }.keys.map {
        ObjectPlace($0)
      }.filter { session.isHere($0) }
    ) { place in tree.gone[place.treeName]?.new.map { ObjectPlace($0) } ?? place }
    let grants = Dictionary(
      session.log.entries.compactMap { one -> (SHA256Hash, GrantBody)? in
        guard one.entry.type == .grant, let json = try? one.entry.body, let body = try? GrantBody(json) else {
          return nil
        }
        return (body.lock, body)
      }
    ) { first, _ in first }
    for one in session.log.entries where one.entry.type == .relock {
      guard let json = try? one.entry.body, let body = try? RelockBody(json), wanted?.contains(body.record) ?? true,
        let lock = body.new.first
      else { continue }
      for old in body.old {
        // A grant's lock file by the same person's new one; by the record's where the grant was dropped.
        let renewed = body.new.dropFirst().first { Self.isSame(grants[old], grants[$0]) }
        add(.locks, old, renewed ?? lock, .replace)
      }
    }
    let reader = try session.reader()
    let standing = StandingGrants(session.log)
    let byNote = Dictionary(session.log.entries.map { ($0.note, $0) }) { first, _ in first }
    for one in session.log.entries where one.entry.type == .reseal {
      guard let head = one.manifest, wanted?.contains(head.record) ?? true, let replaces = head.replaces,
        let before = byNote[replaces], let beforeHead = before.manifest
      else { continue }
      let record = ThingID(kind: .record, hash: head.record)
      let (new, old) = (
        SealedVersion(entry: one, head: head, first: one.note),
        SealedVersion(entry: before, head: beforeHead, first: before.note)
      )
      try add(session, reader, record, old: old, new: new)
      guard let lock = reader.locks.found(new.note).first(where: { $0.epoch != nil })?.file else { continue }
      for file in reader.locks.found(old.note) where file.epoch != nil {
        add(.locks, file.file, lock, .erase)
      }
      for grant in standing.of(old.note) {
        let renewed = standing.of(new.note).first { $0.member == grant.member && $0.layer == grant.layer }
        add(.locks, grant.lock, renewed?.lock ?? lock, .erase)
      }
    }
    follow()
  }

  /// The sealed files of a version that was resealed. Its attachments are known only as long as its testimony is here.
  private mutating func add(
    _ session: Session, _ reader: LayerReader, _ record: ThingID, old: SealedVersion, new: SealedVersion
  ) throws(VaultError) {
    let (before, after) = (try old.checkedManifest(), try new.checkedManifest())
    for layer in [Layer.summary, .testimony] {
      guard let gone = before.layers[layer], let next = after.layers[layer] else { continue }
      add(.sealed, gone.object, next.object, .erase)
    }
    guard let object = before.layers[.testimony]?.object, let nextObject = after.layers[.testimony]?.object,
      session.isHere(ObjectPlace(.sealed, nextObject)), reader.layers(of: new).contains(.testimony)
    else { return }
    let isHere = session.isHere(ObjectPlace(.sealed, object)) && reader.layers(of: old).contains(.testimony)
    if !isHere, lingering.isEmpty { return }
    let next = try reader.open(.testimony, of: record, new).compartment.attachments.flatMap(\.parts)
    // Where a run was cut short behind the old testimony, what the publishers signed tells the rest.
    for new in next { for old in lingering[ObjectPlace(.sealed, new)] ?? [] { add(.sealed, old.hash, new, .erase) } }
    guard isHere else { return }
    let parts = try reader.open(.testimony, of: record, old).compartment.attachments.flatMap(\.parts)
    for (old, new) in zip(parts, next) { add(.sealed, old, new, .erase) }
  }

  private mutating func add(_ kind: ObjectKind, _ old: SHA256Hash, _ new: SHA256Hash, _ reason: GoneNote.Reason) {
    let place = ObjectPlace(kind, old)
    if old != new, all[place] == nil { all[place] = One(new: ObjectPlace(kind, new), reason: reason) }
  }

  /// What took a file's place may be replaced itself: each leads to the last one.
  private mutating func follow() {
    for (old, one) in all {
      var (new, steps) = (one.new, 0)
      while let next = all[new]?.new, steps < all.count { (new, steps) = (next, steps + 1) }
      all[old] = One(new: new, reason: one.reason)
    }
  }

  private static func isSame(_ old: GrantBody?, _ new: GrantBody?) -> Bool {
    guard let old, let new else { return false }
    return old.member == new.member && old.layer == new.layer && old.manifest == new.manifest
  }

  /// Whether the log says all that a `gone` note says.
  func bearOut(_ gone: GoneNote) -> Bool {
    gone.names.allSatisfy { name in
      guard let one = all[ObjectPlace(name.old)], let new = name.new else { return false }
      return one.new == ObjectPlace(new) && (one.reason == gone.reason || gone.reason == .erase)
    }
  }
}
