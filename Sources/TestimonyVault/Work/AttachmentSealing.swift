import Age
import Platform
import Record
import Sodium
import Synchronization

/// Sealing one attachment to its layer's key: read once, padded (Padmé, at least 64 KiB), in parts of at most 1 GiB, each
/// part an object. The content's hash and each object's name are computed on the way.
struct AttachmentSealing {
  static let partSize: UInt64 = 1 << 30

  let recipient: NativeRecipient
  let commit: Commit
  /// Threads for one stream; nil: all cores.
  let workers: Int?
  let progress: @Sendable (UInt64) throws -> Void

  func seal(_ source: AttachmentSource) throws -> Attachment {
    let descriptor = try source.open()
    let (parts, length, content) = try seal(descriptor, at: source.place)
    let name = source.recordedName
    return Attachment(
      name: name.text, rawName: name.raw, mediaType: MediaType.of(source.name), length: length, content: content,
      parts: parts)
  }

  /// The object of the smallest class that stands where there is no attachment.
  func dummy() throws -> SHA256Hash {
    let zeros = [UInt8](repeating: 0, count: Int(Padme.padded(0, minimum: 65536)))
    return try commit.stage(.sealed, AgeFile.seal(zeros.span, to: [recipient])).hash
  }

  private func seal(_ descriptor: Descriptor, at place: String) throws -> ([SHA256Hash], UInt64, SHA256Hash) {
    let stream = PaddedStream(descriptor, place: place, progress: progress)
    var parts: [SHA256Hash] = []
    repeat {
      stream.startPart(of: Self.partSize)
      let sealer = try StreamSealer(to: [recipient], workers: workers)
      let object = try commit.stage(.sealed) { write in
        try sealer.run(
          reading: { try stream.fill(&$0) }, observing: { stream.observe($0) }, writing: { try write($0) })
      }
      parts.append(object.hash)
    } while !stream.isAtEnd
    let (length, content) = stream.finish()
    return (parts, length, content)
  }
}

/// A stream with its padding behind it. `fill` and `observe` each see the bytes in their order, `observe` later, in other
/// pieces, and perhaps on another thread.
private final class PaddedStream: Sendable {
  private let descriptor: Descriptor
  private let place: String
  private let progress: @Sendable (UInt64) throws -> Void
  private let reading = Mutex(Reading())
  private let observed = Mutex(Observed())

  private struct Reading {
    var length: UInt64 = 0
    /// Padding still to come; nil before the end of the file was seen.
    var padding: UInt64?
    var leftInPart: UInt64 = 0
  }

  private struct Observed {
    var count: UInt64 = 0
    var hasher = SHA256Hasher()
  }

  init(_ descriptor: Descriptor, place: String, progress: @escaping @Sendable (UInt64) throws -> Void) {
    self.descriptor = descriptor
    self.place = place
    self.progress = progress
  }

  func startPart(of size: UInt64) { reading.withLock { $0.leftInPart = size } }

  var isAtEnd: Bool { reading.withLock { $0.padding == 0 } }

  func fill(_ span: inout MutableSpan<UInt8>) throws -> Int {
    try Interruption.check()
    var state = reading.withLock { $0 }
    let room = Int(min(UInt64(span.count), state.leftInPart))
    var filled = 0
    if state.padding == nil {
      do {
        filled = try span.withSlice(0..<room) { (part) throws(SystemError) in try descriptor.readFully(into: &part) }
      } catch { throw VaultError.system(error, at: place) }
      state.length += UInt64(filled)
      try progress(UInt64(filled))
      if filled < room { state.padding = Padme.padded(state.length, minimum: 65536) - state.length }
    }
    if let padding = state.padding {
      let zeros = Int(min(padding, UInt64(room - filled)))
      for index in filled..<(filled + zeros) { span[index] = 0 }
      state.padding = padding - UInt64(zeros)
      filled += zeros
    }
    state.leftInPart -= UInt64(filled)
    reading.withLock { [state] in $0 = state }
    return filled
  }

  func observe(_ batch: Span<UInt8>) {
    // Padding is read only after the end of the file was seen, so the true length is known by the time it comes here.
    let length = reading.withLock { $0.padding == nil ? UInt64.max : $0.length }
    observed.withLock { observed in
      let left = length - min(length, observed.count)
      observed.hasher.update(batch.extracting(0..<Int(min(left, UInt64(batch.count)))))
      observed.count += UInt64(batch.count)
    }
  }

  func finish() -> (UInt64, SHA256Hash) {
    (reading.withLock { $0.length }, observed.withLock { $0.hasher.finalize() })
  }
}
