import Age
import Platform
import Record
import Sodium
import Synchronization

/// Sealing one attachment to its layer's key: read once, padded (Padmé, at least 64 KiB), in parts of at most 1 GiB, each
/// part an object. The content's hash and each object's name are computed on the way.
struct AttachmentSealing {
  let recipient: NativeRecipient
  let commit: Commit
  /// Threads for one stream; nil: all cores.
  let workers: Int?
  /// Of one object's content and padding, in bytes.
  var partSize = Attachment.partSize
  let progress: @Sendable (UInt64) throws -> Void

  /// - Parameter keeping: where a large attachment is kept part by part, and what an earlier run has kept of it.
  func seal(_ source: AttachmentSource, keeping: PartKeeping.One? = nil) throws -> Attachment {
    let stream: PaddedStream
    if let begun = keeping?.begun {
      if begun.isWhole { return attachment(source, begun.parts, begun.length, begun.content) }
      stream = PaddedStream(begun, place: source.place, progress: progress)
    } else {
      stream = PaddedStream(try source.open(), place: source.place, progress: progress)
    }
    let (parts, length, content) = try seal(stream, behind: keeping?.begun?.parts ?? [], keeping: keeping)
    return attachment(source, parts, length, content)
  }

  private func attachment(
    _ source: AttachmentSource, _ parts: [SHA256Hash], _ length: UInt64, _ content: SHA256Hash
  ) -> Attachment {
    let name = source.recordedName
    return Attachment(
      name: name.text, rawName: name.raw, mediaType: MediaType.of(source.name), length: length, content: content,
      parts: parts)
  }

  /// The object of the smallest class that stands where there is no attachment: an empty one, sealed the same way.
  func dummy() throws -> [SHA256Hash] {
    try seal(PaddedStream(nil, place: "", progress: progress), behind: [], keeping: nil).parts
  }

  private func seal(
    _ stream: PaddedStream, behind earlier: [SHA256Hash], keeping: PartKeeping.One?
  ) throws -> (parts: [SHA256Hash], length: UInt64, content: SHA256Hash) {
    var parts = earlier
    let commit = keeping?.commit ?? self.commit
    while try parts.isEmpty || !stream.isAtEnd() {
      stream.startPart(of: partSize)
      let sealer = try StreamSealer(to: [recipient], workers: workers)
      let object = try commit.stage(.sealed) { write in
        try sealer.run(
          reading: { try stream.fill(&$0) }, observing: { stream.observe($0) }, writing: { try write($0) })
      }
      parts.append(object.hash)
      let (length, content) = stream.soFar()
      if length == UInt64(parts.count) * partSize {
        try keeping?.keep(.init(parts: parts, length: length, content: content, isWhole: false))
      }
    }
    let (length, content) = stream.soFar()
    try keeping?.keep(.init(parts: parts, length: length, content: content, isWhole: true))
    return (parts, length, content)
  }
}

/// A stream with its padding behind it. `fill` and `observe` each see the bytes in their order, `observe` later, in other
/// pieces, and perhaps on another thread.
private final class PaddedStream: Sendable {
  /// Nil for nothing but padding.
  private let descriptor: Descriptor?
  private let place: String
  private let progress: @Sendable (UInt64) throws -> Void
  private let reading = Mutex(Reading())
  private let observed = Mutex(Observed())

  private struct Reading {
    var length: UInt64 = 0
    /// Padding still to come; nil before the end of the file was seen.
    var padding: UInt64?
    var leftInPart: UInt64 = 0
    /// A byte that was read to see whether there is more.
    var ahead: UInt8?
  }

  private struct Observed {
    var count: UInt64 = 0
    var hasher = SHA256Hasher()
  }

  init(_ descriptor: Descriptor?, place: String, progress: @escaping @Sendable (UInt64) throws -> Void) {
    self.descriptor = descriptor
    self.place = place
    self.progress = progress
  }

  /// The rest of a file of which an earlier run has sealed the beginning.
  init(_ begun: PartKeeping.Begun, place: String, progress: @escaping @Sendable (UInt64) throws -> Void) {
    descriptor = begun.descriptor
    self.place = place
    self.progress = progress
    reading.withLock { $0.length = begun.length }
    observed.withLock { observed in
      observed.count = begun.length
      observed.hasher = begun.hasher
    }
  }

  func startPart(of size: UInt64) { reading.withLock { $0.leftInPart = size } }

  /// Whether nothing is left for another part. Looks one byte ahead, so that a file of exactly one part has one.
  func isAtEnd() throws -> Bool {
    var state = reading.withLock { $0 }
    if state.padding == nil {
      var byte: [UInt8] = [0]
      var span = byte.mutableSpan
      if try read(into: &span) == 1 {
        state.ahead = byte[0]
      } else {
        state.padding = Padme.padded(state.length, minimum: 65536) - state.length
      }
      reading.withLock { [state] in $0 = state }
    }
    return state.padding == 0
  }

  private func read(into span: inout MutableSpan<UInt8>) throws -> Int {
    guard let descriptor else { return 0 }
    do { return try descriptor.readFully(into: &span) } catch { throw VaultError.system(error, at: place) }
  }

  func fill(_ span: inout MutableSpan<UInt8>) throws -> Int {
    try Interruption.check()
    var state = reading.withLock { $0 }
    let room = Int(min(UInt64(span.count), state.leftInPart))
    var filled = 0
    if state.padding == nil {
      var start = 0
      if let ahead = state.ahead, room > 0 {
        span[0] = ahead
        state.ahead = nil
        start = 1
      }
      filled = try start + span.withSlice(start..<room) { try read(into: &$0) }
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

  /// The true length and the hash of the content that was read so far. For between parts.
  func soFar() -> (UInt64, SHA256Hash) {
    (reading.withLock { $0.length }, observed.withLock { $0.hasher.finalize() })
  }
}
