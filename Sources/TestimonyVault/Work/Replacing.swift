import Publishing
import Record
import Sodium

/// How far the end of what was replaced has come.
public struct Replaced: Sendable {
  /// How many files were destroyed here.
  public var destroyed = 0
  /// Files that stay until more publishers have signed that they are gone: how many have, and how many must.
  public var awaiting: (files: Int, have: Int, need: Int)?
}

/// The end of what a `relock` or a `reseal` has taken the place of: first a signed `gone` note with enough publishers'
/// signatures, then the files. All of it follows from the log, so whatever run was cut short, the next one goes on.
extension Session {
  /// Signs that the old files of these records are gone, and destroys them where enough publishers have. What another
  /// publisher has signed is signed too where the log bears it out.
  func settleReplaced(of records: Set<ThingID>?) throws(VaultError) -> Replaced {
    let number = try requirePublisher()
    if try Replacements(self, records, tree()).isEmpty { return Replaced() }
    return try write(many: true) { writing in
      let tree = try self.tree()
      let replacements = try Replacements(self, records, tree)
      guard let keys = self.open.keys else { throw VaultError.missing(Place("public/vault")) }
      var settling = Settling(replacements: replacements, tree: tree, keys: keys)
      func stage(_ note: PublicNote) throws(VaultError) {
        let bytes = note.encoded
        try writing.objects.stage(path: [TreeFile.folder], name: TreeFile.gone(bytes: bytes), bytes)
      }
      for one in tree.awaiting where !one.signed.contains(number) && replacements.bearOut(one.gone) {
        try stage(one.note.adding(publisher: number, of: self.note.id, with: self.key.publisher))
        settling.take(one.gone, signatures: one.signed.count + 1)
      }
      for one in tree.awaiting where one.signed.contains(number) {
        settling.take(one.gone, signatures: one.signed.count)
      }
      for gone in try settling.unsigned() {
        try stage(gone.signed(for: self.note.id, publisher: number, with: self.key.publisher))
        settling.take(gone, signatures: 1)
      }
      var replaced = Replaced()
      for one in settling.ended where self.isHere(one.old) && self.isHere(one.new) {
        writing.remove(one.old)
        replaced.destroyed += 1
      }
      let awaiting = settling.awaiting.filter { self.isHere($0.old) }
      if let have = awaiting.map(\.have).min(), let need = awaiting.map(\.need).max() {
        replaced.awaiting = (awaiting.count, have, need)
      }
      return replaced
    }
  }

  /// Whether something that a `reseal` of a record replaced is still here.
  func awaitsEnd(of record: ThingID) throws(VaultError) -> Bool {
    try Replacements(self, [record], tree()).all.contains { $0.value.reason == .erase && isHere($0.key) }
  }

  private func tree() throws(VaultError) -> TreeRecord { try vault.treeListing(of: note, open).record }
}

/// The files that the log says were replaced, and by which.
private struct Replacements {
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

/// What is signed of the replacements, and by how many.
private struct Settling {
  struct Ended {
    let old: ObjectPlace
    let new: ObjectPlace
  }

  let replacements: Replacements
  let tree: TreeRecord
  let keys: KeysNote
  /// Of the notes that the caller has signed: how many signatures each name has, and how many it needs.
  private var signed: [ObjectPlace: (have: Int, need: Int)] = [:]

  init(replacements: Replacements, tree: TreeRecord, keys: KeysNote) {
    self.replacements = replacements
    self.tree = tree
    self.keys = keys
    for (name, gone) in tree.gone where gone.isEnough { signed[ObjectPlace(name)] = (gone.signatures, gone.need) }
  }

  mutating func take(_ gone: GoneNote, signatures: Int) {
    let need = gone.threshold(under: keys)
    for name in gone.names {
      let place = ObjectPlace(name.old)
      if let there = signed[place], there.have >= there.need { continue }
      signed[place] = (signatures, need)
    }
  }

  /// Notes over what the caller has not signed yet, none larger than a note can be.
  func unsigned() throws(VaultError) -> [GoneNote] {
    var notes: [GoneNote] = []
    for reason in GoneNote.Reason.allCases {
      let names = replacements.all.filter { signed[$0.key] == nil && $0.value.reason == reason }.map { old, one in
        GoneNote.Name(old.treeName, replacedBy: one.new.treeName)
      }.sorted { $0.old < $1.old }
      for start in stride(from: 0, to: names.count, by: Self.most) {
        do { notes.append(try GoneNote(reason, Array(names[start..<min(start + Self.most, names.count)]))) } catch {
          throw .record(error)
        }
      }
    }
    return notes
  }

  /// A line has at most 160 bytes.
  private static let most = 5_000

  var ended: [Ended] {
    replacements.all.compactMap { old, one in
      guard let signed = signed[old], signed.have >= signed.need else { return nil }
      return Ended(old: old, new: one.new)
    }
  }

  var awaiting: [(old: ObjectPlace, have: Int, need: Int)] {
    replacements.all.keys.compactMap { old in
      guard let signed = signed[old], signed.have < signed.need else { return nil }
      return (old, signed.have, signed.need)
    }
  }
}
