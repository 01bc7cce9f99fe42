import Age
import Platform
import Record
import Sodium

/// Keeps the parts of large attachments as they are sealed, so that an interrupted note goes on where it was. What belongs
/// together is told by content alone: no name is kept.
final class PartKeeping {
  /// What was found again of one attachment, with its file opened behind it.
  struct Begun {
    let parts: [SHA256Hash]
    let length: UInt64
    let isWhole: Bool
    let descriptor: Descriptor
    /// Has seen the first `length` bytes.
    let hasher: SHA256Hasher

    var content: SHA256Hash { hasher.finalize() }
  }

  /// Of smaller attachments nothing is kept, in bytes: to seal them anew costs less than to remember them.
  static let least: UInt64 = 8 << 20

  private let kit: FieldKit
  private let tag: String
  private var list: Outbox
  private var note: UnfinishedNote
  private let begun: [Int: Begun]
  /// The place in `note` of each attachment that is kept.
  private var places: [Int: Int] = [:]

  /// What sealing the testimony takes.
  let testimony: LayerSealing
  /// The testimony's key, where this run made it.
  let key: NativeIdentity?
  /// That key, sealed to counsel.
  var lock: [UInt8] { note.lock }
  /// The state of the outbox, with what was kept.
  var outbox: Outbox { list }
  /// Content that need not be sealed again, in bytes.
  var resumed: UInt64 { begun.values.reduce(0) { $0 + $1.length } }

  /// Goes on with the unfinished note, if one of these attachments is in it and it was for this counsel; else begins anew.
  init(
    _ kit: FieldKit, _ list: Outbox, _ sources: [AttachmentSource], counsel: NativeRecipient, tag: String,
    progress: (String, UInt64) throws -> Void
  ) throws {
    self.kit = kit
    self.list = list
    self.tag = tag
    let counselHash = KeyHash.ofRecipient(counsel.text)
    if let note = list.unfinished, note.counsel == counselHash,
      AttachmentTree.size(for: sources.count) <= note.salts.attachments.count,
      let recipient = try? NativeRecipient(parsing: note.recipient), recipient.kind == kit.key.identity.kind
    {
      let found = try Self.found(note, among: sources, in: kit.files, progress)
      if !found.isEmpty {
        (self.note, key) = (note, nil)
        begun = found.mapValues(\.begun)
        places = found.mapValues(\.place)
        let salts = note.salts
        testimony = LayerSealing(recipient: recipient) { kind, index throws in try salts.salt(kind, index) }
        return
      }
    }
    let fresh = NativeIdentity.generate(kit.key.identity.kind)
    note = UnfinishedNote(
      recipient: fresh.recipient.text, lock: try LockedKey.seal(fresh, to: counsel), counsel: counselHash,
      salts: LayerSalts(of: fresh, attachments: sources.count))
    key = fresh
    begun = [:]
    testimony = LayerSealing(fresh)
  }

  /// Whether this one is kept: it is a file, and large.
  static func keeps(_ source: AttachmentSource) -> Bool { source.size.map { $0 >= least } ?? false }

  /// How one attachment is kept; nil where it is not.
  func attachment(_ index: Int, _ source: AttachmentSource) -> One? {
    guard Self.keeps(source) else { return nil }
    return One(
      begun: begun[index], commit: Commit(in: kit.files, tag: tag, durability: .each),
      remember: { try self.remember($0, of: index) })
  }

  /// One attachment.
  struct One {
    let begun: Begun?
    let commit: Commit
    fileprivate let remember: (UnfinishedNote.Begun) throws -> Void

    /// Remembers what was staged, then puts it in place: a part that nobody knows of would stay for ever.
    func keep(_ state: UnfinishedNote.Begun) throws {
      try remember(state)
      try commit.place(inOrder: false)
    }
  }

  private func remember(_ state: UnfinishedNote.Begun, of index: Int) throws {
    let place = places[index] ?? note.attachments.count
    if place == note.attachments.count { note.attachments.append(state) } else { note.attachments[place] = state }
    places[index] = place
    let before = list.unfinished
    list.unfinished = note
    try kit.remember(list)
    // What an earlier note had begun makes room.
    if let before, before.lock != note.lock { kit.remove(before.objects) }
  }
}

// Finding again.
extension PartKeeping {
  private static func found(
    _ note: UnfinishedNote, among sources: [AttachmentSource], in files: VaultFolder,
    _ progress: (String, UInt64) throws -> Void
  ) throws -> [Int: (place: Int, begun: Begun)] {
    var left = Array(note.attachments.enumerated())
    var found: [Int: (place: Int, begun: Begun)] = [:]
    for (index, source) in sources.enumerated() {
      guard keeps(source), let size = source.size else { continue }
      let fitting = left.filter { $0.element.isWhole ? $0.element.length == size : $0.element.length <= size }
      let descriptor = try source.open()
      guard let (hasher, one) = try match(descriptor, fitting.map(\.element)),
        let chosen = fitting.first(where: { $0.element == one }), try isHere(one.parts, in: files)
      else { continue }
      left.removeAll { $0.offset == chosen.offset }
      try progress(source.name.description, one.length)
      let begun = Begun(
        parts: one.parts, length: one.length, isWhole: one.isWhole, descriptor: descriptor, hasher: hasher)
      found[index] = (chosen.offset, begun)
    }
    return found
  }

  /// The longest of these that the file begins with, with a hasher that has seen so much; the file stands behind it.
  private static func match(
    _ descriptor: Descriptor, _ candidates: [UnfinishedNote.Begun]
  ) throws -> (SHA256Hasher, UnfinishedNote.Begun)? {
    var (best, position): ((SHA256Hasher, UnfinishedNote.Begun)?, UInt64) = (nil, 0)
    var hasher = SHA256Hasher()
    var buffer = [UInt8](repeating: 0, count: FileHash.batch)
    for candidate in candidates.sorted(by: { $0.length < $1.length }) {
      while position < candidate.length {
        try Interruption.check()
        var span = buffer.mutableSpan
        let room = Int(min(candidate.length - position, UInt64(span.count)))
        let count = try span.withSlice(0..<room) { try descriptor.read(at: position, into: &$0) }
        if count == 0 { break }
        hasher.update(buffer.span.extracting(0..<count))
        position += UInt64(count)
      }
      guard position == candidate.length else { break }
      if hasher.finalize() == candidate.content { best = (hasher, candidate) }
    }
    guard let best else { return nil }
    try descriptor.seek(to: best.1.length)
    return best
  }

  private static func isHere(_ parts: [SHA256Hash], in files: VaultFolder) throws -> Bool {
    for part in parts {
      do { guard try FileHash.of(files.open(ObjectPlace(.sealed, part))) == part else { return false } } catch {
        // A part that is not here, or cannot be read, is sealed anew.
        if case .system(let failure, _) = VaultError(error), failure.isInterrupted { throw error }
        return false
      }
    }
    return true
  }
}
