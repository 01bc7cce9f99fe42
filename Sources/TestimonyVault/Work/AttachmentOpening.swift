import Age
public import Platform
public import Record
import Sodium
import Synchronization

extension Session {
  /// Writes an attachment to a new file. Nothing is there under that name before all of it was authenticated and matched
  /// its hash; nothing that is there already is replaced.
  public func write(
    _ attachment: Attachment, of opened: OpenedLayer, to path: PathBytes,
    progress: @escaping @Sendable (UInt64) throws -> Void = { _ in }
  ) throws(VaultError) {
    try write(to: path) { output in
      try self.write(attachment, of: opened.identity, progress: progress, output)
    }
  }

  /// Writes a new file that is there under its name only when all of it is.
  func write(to path: PathBytes, _ body: (@escaping @Sendable (Span<UInt8>) throws -> Void) throws -> Void)
    throws(VaultError)
  {
    let place = path.description
    if (try? FileSystem.linkStatus(path)) != nil { throw .outputExists(Place(place)) }
    do {
      let folder = try Directory.open(path.parent)
      let output = try UnnamedOutput(in: folder)
      let descriptor = output.descriptor
      try body { bytes in try descriptor.write(bytes) }
      try descriptor.sync()
      guard try output.appear(as: path.last) else { throw VaultError.outputExists(Place(place)) }
      try folder.sync()
    } catch let error as SystemError { throw .system(error, at: place) } catch let error as VaultError {
      throw error
    } catch { throw VaultError(error) }
  }

  /// Reads an attachment whole: every part must be the one that its name says, and all of it what was committed to.
  func prove(_ attachment: Attachment, of opened: OpenedLayer) throws(VaultError) {
    do { try write(attachment, of: opened.identity, progress: { _ in }) { _ in } } catch { throw VaultError(error) }
  }

  /// Hands on an attachment's bytes, sealed to a layer's key. What was handed on counts only when this returns.
  func write(
    _ attachment: Attachment, of identity: NativeIdentity, progress: @escaping @Sendable (UInt64) throws -> Void,
    _ output: @escaping @Sendable (Span<UInt8>) throws -> Void
  ) throws {
    let content = try write(attachment.parts, length: attachment.length, of: identity, progress: progress, output)
    guard content == attachment.content else {
      throw VaultError.damaged(Place(ObjectPlace(.sealed, attachment.parts[0]).description), .commitment)
    }
  }

  /// The first `length` bytes of what the parts hold, one behind the other; gives their hash.
  @discardableResult
  func write(
    _ parts: [SHA256Hash], length: UInt64, of identity: NativeIdentity,
    progress: @escaping @Sendable (UInt64) throws -> Void, _ output: @escaping @Sendable (Span<UInt8>) throws -> Void
  ) throws -> SHA256Hash {
    let state = Mutex(Left(length: length))
    for part in parts {
      let place = ObjectPlace(.sealed, part)
      let descriptor = try vault.open(place)
      guard try SealedReader.hasOneStanza(descriptor, of: identity.kind) else {
        throw VaultError.damaged(Place(place.description), .stanzas)
      }
      let name = Mutex(SHA256Hasher())
      do {
        try StreamOpener(with: [identity]).run(
          reading: { span in
            try Interruption.check()
            return try descriptor.readFully(into: &span)
          },
          observing: { batch in name.withLock { $0.update(batch) } },
          writing: { batch in
            let count = state.withLock { $0.take(batch) }
            try output(batch.extracting(0..<count))
            try progress(UInt64(count))
          })
      } catch let error as AgeError { throw VaultError.damaged(Place(place.description), .age(error)) }
      guard name.withLock({ $0.finalize() }) == part else {
        throw VaultError.damaged(Place(place.description), .otherContent)
      }
    }
    let (left, hash) = state.withLock { ($0.length, $0.hasher.finalize()) }
    guard left == 0 else {
      throw VaultError.damaged(Place(parts.first.map { ObjectPlace(.sealed, $0).description } ?? ""), .commitment)
    }
    return hash
  }

  /// The true length still to come; what lies behind it is padding.
  private struct Left {
    var length: UInt64
    var hasher = SHA256Hasher()

    init(length: UInt64) { self.length = length }

    mutating func take(_ batch: Span<UInt8>) -> Int {
      let count = Int(min(length, UInt64(batch.count)))
      hasher.update(batch.extracting(0..<count))
      length -= UInt64(count)
      return count
    }
  }
}
