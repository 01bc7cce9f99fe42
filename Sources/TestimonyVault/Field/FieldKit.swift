public import Age
import Platform
public import Publishing
public import Record
import Sodium

/// A field device at work: the worker's unlocked key, what counsel gave it, and its outbox (DESIGN §7). It can open receipts
/// and its own list of drops, and no drop.
public final class FieldKit {
  public let folder: KeyFolder
  public let key: MemberKey
  public let note: KitNote
  public let vault: VaultNote
  /// Who speaks for the vault, as far as this device knows.
  public private(set) var open: PublicRecord
  public internal(set) var outbox: Outbox
  /// Where the sealed files lie until they are safe.
  let files: VaultFolder

  static let outboxName: PathBytes = "outbox"

  static func fileName(_ kit: PersonName) -> PathBytes { PathBytes("\(kit.text).kit") }

  /// The names of the kits in a folder, sorted.
  public static func names(in folder: KeyFolder) throws(VaultError) -> [String] {
    try folder.people().filter { name in
      (try? PersonName(name)).map { folder.exists(fileName($0)) } ?? false
    }
  }

  /// Opens a kit with its worker's key.
  public init(opening folder: KeyFolder, key: MemberKey) throws(VaultError) {
    let name = Self.fileName(key.name)
    let place = Place("\(folder.path)/\(name)")
    guard let file = try folder.read(name) else { throw .kit(.notAKit(Place(folder.path.description))) }
    let sealed: SealedNote
    let note: KitNote
    let vault: VaultNote
    do {
      let content = try AgeFile.open(file.span, with: [key.identity])
      sealed = try SealedNote(parsing: content.bytes, as: .kit)
      note = try KitNote(sealed.body)
      vault = try VaultNote(parsing: Array(note.vaultNote.utf8).span)
    } catch { throw .damaged(place, Damage(error)) }
    guard key.vault == vault.id, note.kit == key.hash, key.identity.kind.rawValue == vault.keys else {
      throw .kit(.notVouchedFor(place))
    }
    let list = Outbox.fileName(key.name)
    guard let remembered = try folder.read(list) else { throw .kit(.lostList(Place("\(folder.path)/\(list)"))) }
    let outbox = try Outbox(opening: remembered, for: key, vault: vault.id, place: "\(folder.path)/\(list)")
    let given = Self.open(vault, note.keysNotes)
    guard let publisher = given.keys?.publishers[note.publisher],
      (try? sealed.verified(as: KeyName.publisher(note.publisher, of: vault.id), by: publisher)) != nil
    else { throw .kit(.notVouchedFor(place)) }
    self.folder = folder
    self.key = key
    self.note = note
    self.vault = vault
    self.outbox = outbox
    // What a receipt brought was checked when it came; a list that lies about it could only come from this device.
    self.open = outbox.keysNotes.isEmpty ? given : Self.open(vault, outbox.keysNotes)
    do {
      // A kit that was carried as one file has none yet.
      if try folder.root.statusIfPresent(Self.outboxName) == nil { _ = try folder.root.makeDirectory(Self.outboxName) }
      files = try VaultFolder(opening: folder.path.appending(Self.outboxName))
    } catch { throw VaultError(error) }
  }

  /// What the vault says in the open, from `keys` notes that were carried here.
  static func open(_ vault: VaultNote, _ keysNotes: [String]) -> PublicRecord {
    let found = keysNotes.enumerated().map { place, text in
      FoundNote(place: "keys note \(place + 1)", folder: "vault", number: place + 1, bytes: Array(text.utf8))
    }
    return PublicRecord(vault: vault, keysNotes: found, caseNotes: [])
  }

  /// Whom identities are sealed to.
  public var quorum: KitNote.Quorum { outbox.quorum ?? note.quorum }

  /// Counsel's recipient, as the newest note of the founder's says that this device knows.
  public func counsel() throws(VaultError) -> NativeRecipient {
    guard let keys = open.keys else { throw .kit(.notVouchedFor(Place(folder.path.description))) }
    do {
      let recipient = try NativeRecipient(parsing: keys.counsel)
      guard recipient.kind == key.identity.kind else { throw VaultError.mixedKeys }
      return recipient
    } catch { throw VaultError(error) }
  }

  /// Whether the time for which the kit was made is over, by this device's clock.
  public var isOver: Bool { ClaimedTime(clamping: SystemClock.now()) > note.until }

  /// Whether this device's list still has what a drop's files are.
  public var unsafeDrops: [Outbox.Drop] { outbox.drops.filter { !$0.isSafe(under: note.rule) } }

  /// The drop that a receipt code, or a number, names.
  public func drop(named text: String) throws(VaultError) -> Outbox.Drop {
    let name = DropName(text)
    let found = outbox.drops.filter { name?.means(number: $0.number, head: $0.head) ?? false }
    guard found.count == 1 else { throw .kit(.noDrop(text)) }
    return found[0]
  }

  /// Runs what changes the outbox, in this device's turn, with the list read anew and interrupted runs settled.
  func write<R>(_ body: (inout Outbox, String) throws -> R) throws(VaultError) -> R {
    let turn = try DeviceTurn(key.name, in: folder)
    if let tag = turn.leftoverTag { try files.removeLeftovers(tag: tag) }
    var list = try recall()
    try settle(&list)
    let tag = try turn.begin()
    let result: R
    do { result = try body(&list, tag) } catch { throw VaultError(error) }
    try remember(list)
    turn.end()
    return result
  }

  func recall() throws(VaultError) -> Outbox {
    let name = Outbox.fileName(key.name)
    let place = "\(folder.path)/\(name)"
    guard let file = try folder.read(name) else { throw .kit(.lostList(Place(place))) }
    return try Outbox(opening: file, for: key, vault: vault.id, place: place)
  }

  func remember(_ list: Outbox) throws(VaultError) {
    try folder.write(Outbox.fileName(key.name), list.sealed(for: key), replacing: true)
    outbox = list
    open = list.keysNotes.isEmpty ? Self.open(vault, note.keysNotes) : Self.open(vault, list.keysNotes)
  }

  /// Removes objects that belong to no drop. What cannot be removed is nobody's, and opens to nobody here.
  func remove(_ objects: [SHA256Hash]) {
    _ = files.remove(objects.map { ObjectPlace(.sealed, $0) })
  }

  /// Settles what an interrupted run left: with its head in place a drop is whole; without, nothing of it is kept and its
  /// number stays unused.
  private func settle(_ list: inout Outbox) throws(VaultError) {
    guard let intent = list.intent else { return }
    do {
      _ = try files.read(ObjectPlace(.sealed, intent.file), atMost: VaultFolder.entryLimit)
      remove(list.adopt(intent))
    } catch {
      guard case .missing = error else { throw error }
      remove(list.giveUp(intent))
    }
    try remember(list)
  }
}
