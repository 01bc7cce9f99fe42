import Platform
import Sodium
import Synchronization

/// Writes files into a vault so that nothing half-made is ever visible, and what was acknowledged survives a power cut.
///
/// Files are staged under temporary names (written, hashed on the way, synced), then put in place by a rename that
/// replaces nothing, then the folders are synced. Few files are synced one by one, many by one `syncfs`. Nothing is
/// re-read. What was not put in place is removed when the commit ends. May be used from several threads.
final class Commit: Sendable {
  /// Whether each file is synced on its own, or all by one `syncfs` of the file system.
  enum Durability: Sendable { case each, together }

  /// 2000-01-01T00:00:00Z: the one modification time of every file in a vault.
  static let time: Int64 = 946_684_800

  struct Staged: Sendable {
    let folder: Directory
    let temporary: PathBytes
    let final: Directory
    let name: PathBytes
    let place: String
    /// What the file hashes to: a bad file of that name is replaced by this good copy.
    let hash: SHA256Hash
    /// Of a file that anyone may read.
    var open: OpenFile?
  }

  /// A file of the open part of the vault, and where it goes.
  struct OpenFile: Sendable, Equatable {
    let folder: [PathBytes]
    let name: PathBytes
    let bytes: [UInt8]
  }

  struct State {
    var staged: [Staged] = []
    var folders: [String: Directory] = [:]
    var touched: [String: Directory] = [:]
    var counter = 0
    var placed = 0
    /// What was not there before this commit.
    var made: [Staged] = []
  }

  let vault: VaultFolder
  private let tag: String
  let durability: Durability
  let state = Mutex(State())

  /// - Parameter tag: the run's tag, which its temporary files bear, so that a later run can clean up after this one.
  init(in vault: VaultFolder, tag: String, durability: Durability) {
    self.vault = vault
    self.tag = tag
    self.durability = durability
  }

  deinit { discard() }

  /// Stages one sealed file that is in memory.
  func stage(_ kind: ObjectKind, _ bytes: [UInt8]) throws(VaultError) -> ObjectPlace {
    let place = ObjectPlace(kind, SHA256Hash(of: bytes))
    let shelf = try folder([kind.folder, place.shelf])
    try write(bytes, in: shelf, name: place.file, place: place.description, hash: place.hash)
    return place
  }

  /// Stages one sealed file whose bytes `produce` hands on as they come; its name is known at the end, so it is staged
  /// in the folder of its kind.
  /// - Parameter expecting: the hash that it must come to; of a copy, what its name said.
  func stage(
    _ kind: ObjectKind, expecting: SHA256Hash? = nil, producing produce: ((Span<UInt8>) throws -> Void) throws -> Void
  ) throws -> ObjectPlace {
    let folder = try folder([kind.folder])
    let temporary = nextName()
    let descriptor = try create(temporary, in: folder, at: kind.rawValue)
    var hasher = SHA256Hasher()
    do {
      try produce { bytes in
        hasher.update(bytes)
        do throws(SystemError) { try descriptor.write(bytes) } catch {
          throw VaultError.system(error, at: kind.rawValue)
        }
      }
      let place = ObjectPlace(kind, hasher.finalize())
      if let expecting, expecting != place.hash {
        throw VaultError.damaged(Place(ObjectPlace(kind, expecting).description), .otherContent)
      }
      try finish(descriptor, at: place.description)
      let shelf = try self.folder([kind.folder, place.shelf])
      keep(
        Staged(
          folder: folder, temporary: temporary, final: shelf, name: place.file, place: place.description,
          hash: place.hash))
      return place
    } catch {
      try? folder.remove(temporary)
      throw error
    }
  }

  /// Stages a file of the open part of the vault: `vault.note`, or a note below `public/`.
  func stage(path: [PathBytes], name: PathBytes, _ bytes: [UInt8]) throws(VaultError) {
    let folder = try folder(path)
    let place = (path + [name]).map(\.description).joined(separator: "/")
    try write(
      bytes, in: folder, name: name, place: place, hash: SHA256Hash(of: bytes),
      open: OpenFile(folder: path, name: name, bytes: bytes))
  }

  /// What was staged of the open part.
  var openFiles: [OpenFile] { state.withLock { $0.staged.compactMap(\.open) } }

  /// Makes everything staged so far durable under its temporary names.
  func sync() throws(VaultError) {
    guard durability == .together else { return }
    do { try vault.root.syncFileSystem() } catch { throw .system(error, at: "vault") }
  }

  /// How many files were put in place.
  var placedCount: Int { state.withLock { $0.placed } }

  /// Removes what was staged and not put in place.
  func discard() {
    let staged = state.withLock { state in
      defer { state.staged = [] }
      return state.staged
    }
    for one in staged { try? one.folder.remove(one.temporary) }
  }

  private func write(
    _ bytes: [UInt8], in folder: Directory, name: PathBytes, place: String, hash: SHA256Hash, open: OpenFile? = nil
  ) throws(VaultError) {
    let temporary = nextName()
    let descriptor = try create(temporary, in: folder, at: place)
    do {
      do { try descriptor.write(bytes.span) } catch { throw VaultError.system(error, at: place) }
      try finish(descriptor, at: place)
    } catch {
      try? folder.remove(temporary)
      throw VaultError(error)
    }
    keep(
      Staged(
        folder: folder, temporary: temporary, final: folder, name: name, place: place, hash: hash, open: open))
  }

  private func finish(_ descriptor: Descriptor, at place: String) throws(VaultError) {
    // A file system without times keeps its own.
    _ = descriptor.setModificationTime(seconds: Self.time)
    guard durability == .each else { return }
    do { try descriptor.sync() } catch { throw .system(error, at: place) }
  }

  private func create(_ name: PathBytes, in folder: Directory, at place: String) throws(VaultError) -> Descriptor {
    do { return try folder.create(name) } catch { throw .system(error, at: place) }
  }

  private func keep(_ one: Staged) { state.withLock { $0.staged.append(one) } }

  private func nextName() -> PathBytes {
    let number = state.withLock { state in
      state.counter += 1
      return state.counter
    }
    let random = Hex.encode(Random.bytes(6))
    return PathBytes(String(decoding: VaultFolder.temporaryPrefix, as: UTF8.self) + "\(tag)-\(random)-\(number)")
  }

  /// Opens a folder below the vault, making what is missing of it.
  private func folder(_ path: [PathBytes]) throws(VaultError) -> Directory {
    var current = vault.root
    var place = ""
    for name in path {
      place += place.isEmpty ? name.description : "/" + name.description
      if let known = state.withLock({ $0.folders[place] }) {
        current = known
        continue
      }
      let parent = current
      if let there = try vault.subfolder(of: parent, name, at: place) {
        current = there
      } else {
        do { _ = try parent.makeDirectory(name, synced: durability == .each) } catch { throw .system(error, at: place) }
        guard let made = try vault.subfolder(of: parent, name, at: place) else { throw .missing(Place(place)) }
        current = made
      }
      let made = current
      let key = place
      state.withLock { $0.folders[key] = made }
    }
    return current
  }
}
