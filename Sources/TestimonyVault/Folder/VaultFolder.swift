public import Platform
import Sodium

/// The vault's folder on disk. Reading treats it as hostile (DESIGN §4): a file counts only if its name has the exact
/// form, it is a regular file, and its bytes hash to its name; everything else is foreign, left alone, and listed.
public struct VaultFolder: Sendable {
  public static let noteName: PathBytes = "vault.note"
  public static let publicName: PathBytes = "public"
  /// The largest entry and lock file that are read, in bytes: far above what is written.
  static let entryLimit = 4 << 20
  static let lockLimit = 1 << 20
  /// The largest text, in bytes with its padding; sealed it is a little larger.
  static let textLimit = 32 << 20
  static let textFileLimit = textLimit + (1 << 20)
  static let temporaryPrefix = Array(".testimony-".utf8)

  public let path: PathBytes
  let root: Directory

  public init(opening path: PathBytes) throws(VaultError) {
    self.path = path
    do { self.root = try Directory.open(path) } catch {
      throw error.isNotFound || error.isNotDirectory
        ? .notAVault(Place(path.description)) : .system(error, at: path.description)
    }
  }

  /// The folder of one kind; nil where it is not there yet.
  func folder(_ kind: ObjectKind) throws(VaultError) -> Directory? {
    try subfolder(of: root, kind.folder, at: kind.rawValue)
  }

  func subfolder(of parent: Directory, _ name: PathBytes, at place: String) throws(VaultError) -> Directory? {
    do { return try parent.directory(name) } catch {
      if error.isNotFound { return nil }
      if error.isNotDirectory || error.isLoop { throw .damaged(Place(place), .notFolder) }
      throw .system(error, at: place)
    }
  }

  /// Opens a sealed file for reading; its content is not checked yet. Throws `missing` where it is not there.
  func open(_ place: ObjectPlace) throws(VaultError) -> Descriptor {
    let name = Place(place.description)
    guard let folder = try folder(place.kind),
      let shelf = try subfolder(of: folder, place.shelf, at: "\(place.kind.rawValue)/\(place.shelf)")
    else { throw .missing(name) }
    do { return try shelf.openForReading(place.file) } catch {
      if error.isNotFound { throw .missing(name) }
      if error.isNotRegular || error.isLoop { throw .damaged(name, .notRegular) }
      throw .system(error, name)
    }
  }

  /// Reads a sealed file whole, and checks that it is the one its name says.
  func read(_ place: ObjectPlace, atMost limit: Int) throws(VaultError) -> [UInt8] {
    let descriptor = try open(place)
    let bytes = try Self.contents(of: descriptor, at: place.description, atMost: limit)
    guard SHA256Hash(of: bytes) == place.hash else {
      throw .damaged(Place(place.description), bytes.isEmpty ? .empty : .otherContent)
    }
    return bytes
  }

  static func contents(of descriptor: Descriptor, at place: String, atMost limit: Int) throws(VaultError) -> [UInt8] {
    do {
      let size = try descriptor.status().size
      guard size <= UInt64(limit) else { throw VaultError.damaged(Place(place), .tooLarge) }
      var bytes = [UInt8](repeating: 0, count: Int(size))
      var span = bytes.mutableSpan
      let count = try descriptor.readFully(into: &span)
      bytes.removeLast(bytes.count - count)
      return bytes
    } catch let error as SystemError { throw .system(error, at: place) } catch let error as VaultError {
      throw error
    } catch { throw .damaged(Place(place), .notRegular) }
  }
}

/// What a folder of sealed files holds.
public struct Listing: Sendable {
  public var objects: [ObjectPlace] = []
  /// Names that are none of ours, or not regular files.
  public var foreign: [Place] = []
  /// Half-written files of a run that was interrupted.
  public var temporary: [Place] = []
}

extension VaultFolder {
  /// Everything of one kind, by name; contents are not looked at.
  public func list(_ kind: ObjectKind) throws(VaultError) -> Listing {
    var listing = Listing()
    guard let folder = try folder(kind) else { return listing }
    for shelf in try names(in: folder, at: kind.rawValue) {
      let path = "\(kind.rawValue)/\(shelf)"
      if shelf.bytes.starts(with: Self.temporaryPrefix) {
        listing.temporary.append(Place(path))
        continue
      }
      guard Self.isShelf(shelf), let inside = try? folder.directory(shelf) else {
        listing.foreign.append(Place(path))
        continue
      }
      for name in try names(in: inside, at: path) {
        if name.bytes.starts(with: Self.temporaryPrefix) {
          listing.temporary.append(Place("\(path)/\(name)"))
        } else if let hash = ObjectPlace.hash(inName: name), hash.description.utf8.starts(with: shelf.bytes) {
          listing.objects.append(ObjectPlace(kind, hash))
        } else {
          listing.foreign.append(Place("\(path)/\(name)"))
        }
      }
    }
    listing.objects.sort()
    return listing
  }

  func names(in directory: Directory, at place: String) throws(VaultError) -> [PathBytes] {
    do { return try directory.names() } catch { throw .system(error, at: place) }
  }

  private static func isShelf(_ name: PathBytes) -> Bool {
    name.bytes.count == 2 && name.bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
