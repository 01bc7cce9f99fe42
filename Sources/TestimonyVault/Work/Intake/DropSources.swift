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
    let open: @Sendable () throws(SystemError) -> Descriptor

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

    func hash() throws -> SHA256Hash {
      var hasher = SHA256Hasher()
      try read { hasher.update($0) }
      return hasher.finalize()
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

  /// Looks through files and folders. Throws where one that was named cannot be opened at all.
  public init(_ paths: [PathBytes]) throws(VaultError) {
    do {
      var walk = Walk()
      for path in paths { try walk.look(at: path) }
      try walk.lookIntoFiles()
      junk = walk.junk
      unread = walk.unread
      try take(walk.looks)
    } catch { throw VaultError(error) }
  }

  /// Takes what each file that was handed in holds, in their order.
  private mutating func take(_ looks: [Look]) throws {
    var candidates: [Candidate] = []
    for look in looks {
      candidates += look.candidates
      other += look.torn
      refused += look.refused
      if let error = look.unread { unread.append(error) }
      if look.isJunk { junk += 1 }
    }
    // Of several that claim one name, the next is read where none before it was what it claimed; from the third on, all.
    for turn in 0..<3 where !candidates.isEmpty {
      var (now, later, asked): ([Candidate], [Candidate], Set<SHA256Hash>) = ([], [], [])
      for one in candidates {
        guard let claimed = one.claimed else {
          now.append(one)
          continue
        }
        if files[claimed] != nil { continue }
        if turn == 2 || asked.insert(claimed).inserted { now.append(one) } else { later.append(one) }
      }
      let hashed = try Parallel.map(now.indices) { [now] index in
        try Interruption.check()
        return Result { try now[index].found.hash() }
      }
      // What an interruption kept from being read is not unreadable.
      try Interruption.check()
      for (one, hash) in zip(now, hashed) { take(one, hash) }
      candidates = later
    }
  }

  /// Takes a file under the hash of its bytes.
  private mutating func take(_ one: Candidate, _ hash: Result<SHA256Hash, any Error>) {
    do {
      let hash = try hash.get()
      if let claimed = one.claimed, claimed != hash { return other.append((one.found.place, claimed)) }
      if files[hash] == nil { files[hash] = one.found }
    } catch let error as SystemError { unread.append((one.found.place, error)) } catch {
      other.append((one.found.place, one.claimed))
    }
  }
}
