public import Platform
import Age
import Record
import Sodium

/// What was handed in to be taken in: every age file in the given files, folders and archives, wherever it stands and
/// whatever its name is. Everything else is junk, and only counted.
public struct DropSources: Sendable {
  /// One age file, on its own or inside an archive.
  struct Found: Sendable {
    let place: String
    let size: UInt64
    let offset: UInt64
    fileprivate let open: @Sendable () throws(SystemError) -> Descriptor

    /// Hands on the bytes, in their order.
    func read(_ take: (Span<UInt8>) throws -> Void) throws {
      let descriptor = try open()
      var buffer = [UInt8](repeating: 0, count: Int(min(max(size, 1), 1 << 20)))
      var done: UInt64 = 0
      while done < size {
        try Interruption.check()
        var span = buffer.mutableSpan
        let room = Int(min(UInt64(span.count), size - done))
        let count = try span.withSlice(0..<room) { (part) throws(SystemError) in
          try descriptor.read(at: offset + done, into: &part)
        }
        if count == 0 { throw VaultError.damaged(Place(place), .otherContent) }
        try take(buffer.span.extracting(first: count))
        done += UInt64(count)
      }
    }

    /// All of it, of what is small enough.
    func bytes() throws -> [UInt8] {
      var all = [UInt8](repeating: 0, count: Int(size))
      var span = all.mutableSpan
      guard try open().read(at: offset, into: &span) == all.count else {
        throw VaultError.damaged(Place(place), .otherContent)
      }
      return all
    }

    /// Whether its header says that one of these keys opens it. Nothing behind the header counts.
    func isFor(_ keys: [NativeIdentity]) throws -> Bool {
      let descriptor = try open()
      do {
        _ = try SeekableReader(fileSize: size, with: keys) { place, span in
          try descriptor.read(at: offset + place, into: &span)
        }
        return true
      } catch AgeError.noMatch { return false } catch let error as SystemError { throw error } catch { return true }
    }
  }

  /// By the hash of their bytes: what was read and is what its name says, or has another name.
  private(set) var files: [SHA256Hash: Found] = [:]
  /// What is named as a sealed file and has other bytes, torn or altered, with the hash that it claims; an archive that
  /// ends too early claims none.
  private var other: [(place: String, claimed: SHA256Hash?)] = []
  /// Members of archives that are no sealed files.
  public private(set) var refused: [String] = []
  /// Files that could not be read.
  public private(set) var unread: [(place: String, error: SystemError)] = []
  /// How many other files lay among them.
  public private(set) var junk = 0

  /// Of those of these that are here, in bytes.
  func size(of hashes: [SHA256Hash]) -> UInt64 { hashes.reduce(0) { $0 + (files[$1]?.size ?? 0) } }

  /// What is torn or altered, and of which no whole copy is among the rest.
  public var torn: [String] { other.filter { $0.claimed.map { files[$0] == nil } ?? true }.map(\.place) }

  /// Folders are looked through this deep: a stick has a few, and a link is never followed.
  private static let deepest = 16

  /// Looks through files and folders. Throws where one that was named cannot be opened at all.
  public init(_ paths: [PathBytes]) throws(VaultError) {
    for path in paths {
      do throws(SystemError) {
        let status = try FileSystem.status(path)
        if status.kind == .directory {
          look(in: try Directory.open(path), at: path.description, depth: 0)
        } else {
          look(at: path.description, named: path.last) { () throws(SystemError) in try FileSystem.openForReading(path) }
        }
      } catch { throw .system(error, at: path.description) }
    }
  }

  private mutating func look(in folder: Directory, at place: String, depth: Int) {
    let names: [PathBytes]
    do throws(SystemError) { names = try folder.names() } catch { return unread.append((place, error)) }
    for name in names {
      let inside = "\(place)/\(name)"
      do throws(SystemError) {
        switch try folder.status(name).kind {
        case .regular: look(at: inside, named: name) { () throws(SystemError) in try folder.openForReading(name) }
        case .directory where depth < Self.deepest:
          look(in: try folder.directory(name), at: inside, depth: depth + 1)
        default: junk += 1
        }
      } catch { unread.append((inside, error)) }
    }
  }

  private mutating func look(
    at place: String, named name: PathBytes, _ open: @escaping @Sendable () throws(SystemError) -> Descriptor
  ) {
    do {
      let descriptor = try open()
      let size = try descriptor.status().size
      var first = [UInt8](repeating: 0, count: UstarHeader.blockSize)
      var span = first.mutableSpan
      let count = try descriptor.read(at: 0, into: &span)
      if count == UstarHeader.blockSize, UstarHeader(parsing: first.span) != nil {
        return try unpack(descriptor, size: size, at: place, open)
      }
      take(
        Found(place: place, size: size, offset: 0, open: open), named: name,
        isAge: first.prefix(count).starts(with: Self.age))
    } catch let error as SystemError { unread.append((place, error)) } catch { other.append((place, nil)) }
  }

  private static let age = Array("age-encryption.org/v1\n".utf8)

  /// Notes every member of an archive that is named as a sealed file is.
  private mutating func unpack(
    _ archive: Descriptor, size: UInt64, at place: String,
    _ open: @escaping @Sendable () throws(SystemError) -> Descriptor
  ) throws {
    var offset: UInt64 = 0
    let block = UInt64(UstarHeader.blockSize)
    while offset + block <= size {
      var bytes = [UInt8](repeating: 0, count: UstarHeader.blockSize)
      var span = bytes.mutableSpan
      guard try archive.read(at: offset, into: &span) == UstarHeader.blockSize else { break }
      if UstarHeader.isEnd(bytes.span) { return }
      guard let header = UstarHeader(parsing: bytes.span) else {
        return refused.append("\(place), from byte \(offset)")
      }
      let name = PathBytes(bytes: header.name)
      let start = offset + block
      let claimed = header.kind == .file ? ObjectPlace.hash(inName: name) : nil
      if claimed != nil, start + header.size <= size {
        take(
          Found(place: "\(place): \(name)", size: header.size, offset: start, open: open), named: name, isAge: true)
      } else if header.kind != .folder {
        if start + header.size > size {
          other.append(("\(place): \(name)", claimed))
        } else {
          refused.append("\(place): \(name)")
        }
      }
      offset = start + header.size + UInt64(header.padding)
    }
    // Whatever stood behind is not here, and nothing tells what it was.
    other.append(("\(place), from byte \(min(offset, size))", nil))
  }

  /// Takes a file under the hash of its bytes.
  private mutating func take(_ found: Found, named name: PathBytes, isAge: Bool) {
    let claimed = ObjectPlace.hash(inName: name)
    guard isAge || claimed != nil else { return junk += 1 }
    if let claimed, files[claimed] != nil { return }
    do {
      var hasher = SHA256Hasher()
      try found.read { hasher.update($0) }
      let hash = hasher.finalize()
      if let claimed, claimed != hash { return other.append((found.place, claimed)) }
      if files[hash] == nil { files[hash] = found }
    } catch let error as SystemError { unread.append((found.place, error)) } catch {
      other.append((found.place, claimed))
    }
  }
}
