public import Platform
import Record
import Sodium

/// What was carried out of an outbox.
public struct Exported: Sendable {
  public let drops: [Outbox.Drop]
  public let files: Int
  public let bytes: UInt64
}

extension FieldKit {
  /// The drops whose files are still here.
  public var held: [Outbox.Drop] { outbox.drops.filter { !$0.isCleaned } }

  /// Copies drops into a folder, which is made where it is missing. Files that are there whole already stay.
  public func export(_ drops: [Outbox.Drop], into path: PathBytes) throws(VaultError) -> Exported {
    try export(drops) { (all) throws(VaultError) in
      do throws(SystemError) { _ = try Directory.create(path) } catch {
        guard error.isExists else { throw .system(error, at: path.description) }
      }
      let folder: Directory
      do throws(SystemError) { folder = try Directory.open(path) } catch { throw .system(error, at: path.description) }
      var bytes: UInt64 = 0
      for place in all { bytes += try copy(place, into: folder, at: path) }
      do throws(SystemError) { try folder.sync() } catch { throw .system(error, at: path.description) }
      return bytes
    }
  }

  /// Packs drops into one file, a ustar of their files in the order of their names: nothing in it says which belong together.
  public func export(_ drops: [Outbox.Drop], packed path: PathBytes) throws(VaultError) -> Exported {
    try export(drops) { (all) throws(VaultError) in
      guard (try? FileSystem.linkStatus(path)) == nil else { throw .outputExists(Place(path.description)) }
      do {
        let folder = try Directory.open(path.parent)
        let output = try UnnamedOutput(in: folder)
        let bytes = try pack(all, into: output.descriptor)
        guard try output.appear(as: path.last) else { throw VaultError.outputExists(Place(path.description)) }
        try folder.sync()
        return bytes
      } catch let error as SystemError { throw .system(error, at: path.description) } catch { throw VaultError(error) }
    }
  }

  private func pack(_ all: [ObjectPlace], into descriptor: Descriptor) throws -> UInt64 {
    var bytes: UInt64 = 0
    for place in all {
      let source = try files.open(place)
      let size = try source.status().size
      guard let header = UstarHeader(file: place.file.bytes, size: size) else {
        throw VaultError.damaged(Place(place.description), .tooLarge)
      }
      try descriptor.write(header.encoded.span)
      guard try Self.pour(source, expecting: place, { try descriptor.write($0) }) == size else {
        throw VaultError.damaged(Place(place.description), .otherContent)
      }
      try descriptor.write([UInt8](repeating: 0, count: header.padding).span)
      bytes += size
    }
    try descriptor.write([UInt8](repeating: 0, count: 2 * UstarHeader.blockSize).span)
    try Self.finish(descriptor)
    return bytes
  }

  private static func finish(_ descriptor: Descriptor) throws(SystemError) {
    _ = descriptor.setModificationTime(seconds: Commit.time)
    try descriptor.sync()
  }

  private func export(
    _ drops: [Outbox.Drop], _ carry: ([ObjectPlace]) throws(VaultError) -> UInt64
  ) throws(VaultError) -> Exported {
    let all = drops.flatMap { [$0.file] + $0.files }.map { ObjectPlace(.sealed, $0) }.sorted()
    let bytes = try carry(all)
    let numbers = Set(drops.map(\.number))
    try write { list, _ in
      for index in list.drops.indices where numbers.contains(list.drops[index].number) {
        list.drops[index].wasExported = true
      }
    }
    return Exported(drops: drops, files: all.count, bytes: bytes)
  }

  private func copy(_ place: ObjectPlace, into folder: Directory, at path: PathBytes) throws(VaultError) -> UInt64 {
    do {
      if let there = try? folder.openForReading(place.file), let size = try? there.status().size,
        (try? FileHash.of(there)) == place.hash
      {
        return size
      }
      let output = try UnnamedOutput(in: folder)
      let bytes = try Self.pour(files.open(place), expecting: place) { try output.descriptor.write($0) }
      try Self.finish(output.descriptor)
      if try !output.appear(as: place.file) {
        // What stands there under that name is not whole: a good copy takes its place.
        try folder.remove(place.file)
        guard try output.appear(as: place.file) else { throw VaultError.outputExists(Place(path.description)) }
      }
      return bytes
    } catch let error as SystemError { throw .system(error, at: path.description) } catch { throw VaultError(error) }
  }

  /// Hands a file's bytes on, and throws at the end where they are not what its name says.
  private static func pour(
    _ source: Descriptor, expecting place: ObjectPlace, _ take: (Span<UInt8>) throws -> Void
  ) throws -> UInt64 {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var hasher = SHA256Hasher()
    var bytes: UInt64 = 0
    while true {
      try Interruption.check()
      var span = buffer.mutableSpan
      let count = try source.readFully(into: &span)
      if count == 0 { break }
      let read = buffer.span.extracting(first: count)
      hasher.update(read)
      try take(read)
      bytes += UInt64(count)
    }
    guard hasher.finalize() == place.hash else {
      throw VaultError.damaged(Place(place.description), .otherContent)
    }
    return bytes
  }
}
