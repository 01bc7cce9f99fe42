public import Age
public import Platform
public import Record
public import Sodium

/// Founding a vault: the founder's key, the circles of DESIGN §2, `vault.note`, the first `keys` note, and the founder's
/// first entries. The vault is made beside its place and renamed into it whole; inside an
/// empty folder that is there, part by part, `vault.note` last.
public enum Founding {
  public struct Founded: Sendable {
    public let note: VaultNote
    public let key: MemberKey
  }

  /// Checks, before anything is asked, that nothing stands where the vault and the key go.
  public static func check(vault: PathBytes, keys: PathBytes, name: PersonName) throws(VaultError) {
    if let status = try? FileSystem.linkStatus(vault) {
      let names = status.kind == .directory ? try? Directory.open(vault).names() : nil
      // What an `init` left that was cut short does not count.
      let foreign = names?.filter { !$0.bytes.starts(with: buildingPrefix.utf8) }
      guard foreign?.isEmpty ?? false else { throw .alreadyThere(Place(vault.description)) }
    }
    // No key inside what will be copied and synced.
    let inside = keys == vault || keys.bytes.starts(with: vault.bytes + [UInt8(ascii: "/")])
    if inside || (try? FileSystem.isSameFile(keys, vault)) == true { throw .keysInsideVault(Place(keys.description)) }
    for suffix in ["key", "card", "seen"] {
      let path = keys.appending(PathBytes("\(name.text).\(suffix)"))
      if (try? FileSystem.status(path)) != nil { throw .alreadyThere(Place(path.description)) }
    }
  }

  public static func found(
    vault path: PathBytes, keys keyPath: PathBytes, name: PersonName, displayName: String, kind: KeyKind,
    passphrase: borrowing Secret, logN: Int
  ) throws(VaultError) -> Founded {
    try check(vault: path, keys: keyPath, name: name)
    let founder = SigningKey.generate()
    let note: VaultNote
    do { note = try VaultNote(keys: kind.rawValue, founder: founder, nonce: Random.bytes(16)) } catch {
      throw .record(error)
    }
    let key = MemberKey(
      name: name, identity: .generate(kind), signing: .generate(), publisher: .generate(),
      registrar: .generate(), founder: founder, vault: note.id)
    let keyFile = try KeyFile.seal(key, passphrase: passphrase, logN: logN)
    let keys = try KeyFolder(making: keyPath)
    // Beside its place, or inside a folder that is there already and empty: that may be a mount point.
    let parent = (try? FileSystem.status(path)) == nil ? path.parent : path
    removeAbandoned(in: parent)
    if parent == path { removeAbandoned(in: path.parent) }
    let building = parent.appending(PathBytes("\(buildingPrefix)\(Hex.encode(Random.bytes(6)))"))
    var done = false
    var written: [PathBytes] = []
    // What failed leaves nothing that is in the way of the next try.
    defer {
      if !done {
        removeTree(building)
        for name in written { try? keys.root.remove(name) }
      }
    }
    do { _ = try Directory.create(building) } catch { throw .system(error, at: building.description) }
    let memory = try fill(VaultFolder(opening: building), note, key, displayName: displayName)
    if Interruption.requested { throw .interrupted }
    let files: [(PathBytes, [UInt8])] = [
      (PathBytes("\(name.text).card"), try key.card().note.encoded),
      (SeenMemory.fileName(name), try memory.sealed(for: key)),
      (PathBytes("\(name.text).key"), keyFile),
    ]
    for (name, bytes) in files {
      try keys.write(name, bytes, replacing: false)
      written.append(name)
    }
    let folder = try put(building, at: path, in: parent)
    // The vault stands: whatever fails now, its key stays.
    done = true
    do { try folder.sync() } catch { throw .system(error, at: path.description) }
    return Founded(note: note, key: key)
  }

  /// Writes the vault's first files.
  private static func fill(_ vault: VaultFolder, _ note: VaultNote, _ key: MemberKey, displayName: String)
    throws(VaultError) -> SeenMemory
  {
    var seen = SeenMemory(vault: note.id)
    let commit = Commit(in: vault, tag: Hex.encode(Random.bytes(8)), durability: .together)
    var circles: [(body: CircleBody, identity: NativeIdentity)] = []
    for name in CircleName.founding {
      let identity = NativeIdentity.generate(key.identity.kind)
      circles.append((CircleBody(name: name, number: 1, recipient: identity.recipient.text), identity))
    }
    guard let members = circles.first, let counsel = circles.last else { throw .needsFounder }
    let lock = try PersonLocks.file(
      for: key.identity.recipient, member: key.hash, by: key, vault: note.id, epochs: circles)
    seen.locks = [try commit.stage(.locks, lock).hash]
    var chain = ChainWriter(
      CustodyLog(vault: note, entries: []), seen: seen, time: ClaimedTime(clamping: SystemClock.now()))
    let admission = Admission(card: try key.card(), roles: [.counsel], displayName: displayName, publisher: 1)
    let bodies: [(EntryType, JSON)] =
      [(.admit, admission.json)] + circles.map { (EntryType.circle, $0.body.json) }
    for (type, body) in bodies {
      let written = try chain.entry(type, by: key.founder, to: members.body, members.identity.recipient, body: body)
      _ = try commit.stage(.log, written.file)
    }
    let keysNote = KeysNote(
      number: 1, previous: nil, founder: key.founder.verifyingKey, publishers: [1: key.publisher.verifyingKey],
      registrar: key.registrar.verifyingKey, counsel: counsel.body.recipient)
    do {
      let signed = try keysNote.signed(for: note.id, with: key.founder).encoded
      try commit.stage(
        path: [VaultFolder.publicName, PathBytes(PublicName.vaultFolder)],
        name: PublicName.file(number: 1, bytes: signed), signed)
    } catch let error as RecordError { throw .record(error) } catch { throw VaultError(error) }
    try commit.stage(path: [], name: VaultFolder.noteName, note.encoded)
    try commit.sync()
    try commit.place(inOrder: true)
    return chain.seen
  }

  /// Puts the finished vault in its place: one rename, or, inside an empty folder, one for each part, `vault.note` last.
  private static func put(_ building: PathBytes, at path: PathBytes, in parent: PathBytes) throws(VaultError)
    -> Directory
  {
    do {
      let folder = try Directory.open(parent)
      if parent != path {
        guard try folder.renameWithoutReplacing(building.last, to: path.last, in: folder) else {
          throw VaultError.alreadyThere(Place(path.description))
        }
        return folder
      }
      let inside = try folder.directory(building.last)
      let names = try inside.names().sorted { first, second in
        first != VaultFolder.noteName && second == VaultFolder.noteName
      }
      for name in names where try !inside.renameWithoutReplacing(name, to: name, in: folder) {
        throw VaultError.alreadyThere(Place(path.appending(name).description))
      }
      try folder.removeDirectory(building.last)
      return folder
    } catch { throw VaultError(error) }
  }

  private static let buildingPrefix = ".testimony-founding-"

  /// Removes vaults that were never finished, an hour after: what is younger may be another run's.
  private static func removeAbandoned(in parent: PathBytes) {
    guard let folder = try? Directory.open(parent), let names = try? folder.names() else { return }
    for name in names where name.bytes.starts(with: buildingPrefix.utf8) {
      guard let status = try? folder.status(name), status.modified < SystemClock.now() - 3600 else { continue }
      removeTree(parent.appending(name))
    }
  }

  private static func removeTree(_ path: PathBytes) { try? FileSystem.removeTree(path) }
}
