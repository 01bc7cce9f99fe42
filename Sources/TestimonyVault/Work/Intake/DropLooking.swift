import Platform
import Record
import Sodium

// What lies in the files and folders that were handed in.
extension DropSources {
  /// What every regular file below what was named holds, and what could not be looked at.
  struct Walk {
    private(set) var looks: [Look] = []
    private(set) var unread: [(place: String, error: SystemError)] = []
    private(set) var junk = 0
    private var files: [File] = []

    /// Folders are looked through this deep: a stick has a few, and a link is never followed.
    private static let deepest = 16
    /// So many files are looked into together: each may keep a folder open, and a stick can have thousands.
    private static let together = 64

    /// Throws where what was named cannot be opened at all.
    mutating func look(at path: PathBytes) throws {
      do {
        if try FileSystem.status(path).kind == .directory {
          return try look(in: try Directory.open(path), at: path.description, depth: 0)
        }
        try add(
          File(place: path.description, name: path.last) { () throws(SystemError) in
            try FileSystem.openForReading(path)
          })
      } catch let error as SystemError { throw VaultError.system(error, at: path.description) }
    }

    private mutating func look(in folder: Directory, at place: String, depth: Int) throws {
      let names: [PathBytes]
      do throws(SystemError) { names = try folder.names() } catch { return unread.append((place, error)) }
      for name in names {
        let inside = "\(place)/\(name)"
        do {
          switch try folder.status(name).kind {
          case .regular:
            try add(File(place: inside, name: name) { () throws(SystemError) in try folder.openForReading(name) })
          case .directory where depth < Self.deepest:
            try look(in: try folder.directory(name), at: inside, depth: depth + 1)
          default: junk += 1
          }
        } catch let error as SystemError { unread.append((inside, error)) }
      }
    }

    private mutating func add(_ file: File) throws {
      files.append(file)
      if files.count == Self.together { try lookIntoFiles() }
    }

    mutating func lookIntoFiles() throws {
      looks += try Parallel.map(files.indices) { [files] index in
        try Interruption.check()
        return files[index].look()
      }
      files = []
    }
  }

  /// What may be a sealed file, with the hash that its name claims.
  struct Candidate: Sendable {
    let found: Found
    let claimed: SHA256Hash?
  }

  /// What one file holds.
  struct Look: Sendable {
    fileprivate(set) var candidates: [Candidate] = []
    fileprivate(set) var torn: [(place: String, claimed: SHA256Hash?)] = []
    fileprivate(set) var refused: [String] = []
    fileprivate(set) var unread: (place: String, error: SystemError)?
    /// It is neither a sealed file nor an archive.
    fileprivate(set) var isJunk = false
  }

  struct File: Sendable {
    let place: String
    let name: PathBytes
    let open: @Sendable () throws(SystemError) -> Descriptor

    /// Reads the first block: a sealed file, an archive of them, or neither.
    func look() -> Look {
      var look = Look()
      do {
        let descriptor = try open()
        let size = try descriptor.status().size
        var first = [UInt8](repeating: 0, count: UstarHeader.blockSize)
        var span = first.mutableSpan
        let count = try descriptor.read(at: 0, into: &span)
        if count == UstarHeader.blockSize, UstarHeader(parsing: first.span) != nil {
          try unpack(descriptor, size: size, into: &look)
        } else {
          let claimed = ObjectPlace.hash(inName: name)
          look.isJunk = claimed == nil && !first.prefix(count).starts(with: Self.age)
          let found = Found(place: place, size: size, offset: 0, open: open)
          if !look.isJunk { look.candidates.append(Candidate(found: found, claimed: claimed)) }
        }
      } catch let error as SystemError { look.unread = (place, error) } catch { look.torn.append((place, nil)) }
      return look
    }

    private static let age = Array("age-encryption.org/v1\n".utf8)

    /// Notes every member of an archive that is named as a sealed file is.
    private func unpack(_ archive: Descriptor, size: UInt64, into look: inout Look) throws {
      var offset: UInt64 = 0
      let block = UInt64(UstarHeader.blockSize)
      while offset + block <= size {
        var bytes = [UInt8](repeating: 0, count: UstarHeader.blockSize)
        var span = bytes.mutableSpan
        guard try archive.read(at: offset, into: &span) == UstarHeader.blockSize else { break }
        if UstarHeader.isEnd(bytes.span) { return }
        guard let header = UstarHeader(parsing: bytes.span) else {
          return look.refused.append("\(place), from byte \(offset)")
        }
        let name = PathBytes(bytes: header.name)
        let start = offset + block
        let claimed = header.kind == .file ? ObjectPlace.hash(inName: name) : nil
        if let claimed, start + header.size <= size {
          let found = Found(place: "\(place): \(name)", size: header.size, offset: start, open: open)
          look.candidates.append(Candidate(found: found, claimed: claimed))
        } else if header.kind != .folder {
          if start + header.size > size {
            look.torn.append(("\(place): \(name)", claimed))
          } else {
            look.refused.append("\(place): \(name)")
          }
        }
        offset = start + header.size + UInt64(header.padding)
      }
      // Whatever stood behind is not here, and nothing tells what it was.
      look.torn.append(("\(place), from byte \(min(offset, size))", nil))
    }
  }
}
