public import Platform
import Record
import Sodium

/// `Keys/`: the secrets, cards and memory of whoever works on this machine; never inside what is synced.
public struct KeyFolder: Sendable {
  public let path: PathBytes
  let root: Directory

  static let limit = 16 << 20

  public init(opening path: PathBytes) throws(VaultError) {
    self.path = path
    do { self.root = try Directory.open(path) } catch { throw .system(error, at: path.description) }
  }

  /// Opens the folder, making it where it is missing. Refuses a place inside a vault: a vault is copied and synced.
  public init(making path: PathBytes) throws(VaultError) {
    var folder = (try? FileSystem.status(path)) == nil ? path.parent : path
    for _ in 0..<64 {
      if (try? FileSystem.linkStatus(folder.appending(VaultFolder.noteName))) != nil {
        throw .keysInsideVault(Place(path.description))
      }
      let parent = folder.appending("..")
      guard let same = try? FileSystem.isSameFile(folder, parent), !same else { break }
      folder = parent
    }
    do { _ = try Directory.create(path) } catch {
      if !error.isExists { throw .system(error, at: path.description) }
    }
    try self.init(opening: path)
  }

  /// The names that have a `NAME.key` here, sorted.
  public func people() throws(VaultError) -> [String] {
    let names: [PathBytes]
    do { names = try root.names() } catch { throw .system(error, at: path.description) }
    return names.compactMap { name in
      let text = String(decoding: name.bytes, as: UTF8.self)
      guard text.utf8.suffix(4).elementsEqual(".key".utf8) else { return nil }
      let person = String(text.dropLast(4))
      return (try? PersonName(person)) == nil ? nil : person
    }.sorted()
  }

  func place(_ name: PathBytes) -> String { "\(path)/\(name)" }

  public func exists(_ name: PathBytes) -> Bool { (try? root.status(name)) != nil }

  /// Renames a damaged file to `NAME.damaged`, replacing an older one of that name.
  func setAside(_ name: PathBytes) throws(VaultError) {
    do {
      try root.rename(name, to: PathBytes("\(name).damaged"))
      try root.sync()
    } catch { throw .system(error, at: place(name)) }
  }

  /// Removes a file that was made by this run.
  public func remove(_ name: PathBytes) { try? root.remove(name) }

  /// Reads a file of this folder; nil where it is not there.
  public func read(_ name: PathBytes) throws(VaultError) -> [UInt8]? {
    do {
      let descriptor = try root.openForReading(name)
      return try VaultFolder.contents(of: descriptor, at: place(name), atMost: Self.limit)
    } catch let error as SystemError {
      if error.isNotFound { return nil }
      if error.isNotRegular || error.isLoop { throw .damaged(Place(place(name)), .notRegular) }
      throw .system(error, at: place(name))
    } catch let error as VaultError { throw error } catch { throw .damaged(Place(place(name)), .notRegular) }
  }

  /// Writes a file whole and durably: a temporary file, synced, renamed, the folder synced.
  ///
  /// Without `replacing`, a file of that name that is already there is an error and stays as it is. What a killed run left
  /// half-written of this file is removed: it may be a key under a passphrase that is out of use.
  public func write(_ name: PathBytes, _ bytes: [UInt8], replacing: Bool) throws(VaultError) {
    removeLeftovers(of: name)
    let temporary = PathBytes(".\(name)-\(Hex.encode(Random.bytes(6)))")
    do {
      let descriptor = try root.create(temporary)
      do {
        try descriptor.write(bytes.span)
        try descriptor.sync()
        if replacing {
          try root.rename(temporary, to: name, in: root)
        } else if try !root.renameWithoutReplacing(temporary, to: name, in: root) {
          throw VaultError.alreadyThere(Place(place(name)))
        }
      } catch {
        try? root.remove(temporary)
        throw error
      }
      do { try root.sync() } catch {
        // A new file that may not last is not left in the way of the next try.
        if !replacing { try? root.remove(name) }
        throw error
      }
    } catch let error as SystemError { throw .system(error, at: place(name)) } catch let error as VaultError {
      throw error
    } catch { throw .missing(Place(place(name))) }
  }

  private func removeLeftovers(of name: PathBytes) {
    for leftover in leftovers(of: name) { try? root.remove(leftover) }
  }

  /// The temporary files of `write`: a dot, the name, a dash and twelve hex digits.
  func leftovers(of name: PathBytes) -> [PathBytes] {
    let prefix = Array(".".utf8) + name.bytes + Array("-".utf8)
    let names = (try? root.names()) ?? []
    return names.filter { $0.bytes.count == prefix.count + 12 && $0.bytes.starts(with: prefix) }
  }
}
