import Sodium

/// Any part of a sealed file, without opening the rest.
///
/// The last chunk is opened first, so that a file cut short is refused before its size is believed; from then on
/// every byte given out is from an authentic chunk in its right place. May be used from several threads.
public struct SeekableReader: Sendable {
  /// Fills the span from the file at an offset; anything but a full span is a truncated file.
  public typealias Source = @Sendable (_ offset: UInt64, _ buffer: inout MutableSpan<UInt8>) throws -> Int

  /// The size of the plaintext in bytes.
  public let size: UInt64
  private let payload: Payload
  private let start: UInt64
  private let fileSize: UInt64
  private let source: Source

  /// A reader of a file of `fileSize` bytes for one of the identities.
  public init(fileSize: UInt64, with identities: [any Identity], reading source: @escaping Source) throws {
    var prefix = [UInt8](repeating: 0, count: Int(min(fileSize, UInt64(Header.maximumSize))))
    try Self.fill(&prefix, from: source, at: 0)
    let (header, _) = try Header.parse(prefix.span)
    try self.init(
      fileSize: fileSize, header: header, fileKey: header.unwrap(with: identities), reading: source)
  }

  /// A reader of a file whose header was read and unwrapped before.
  public init(
    fileSize: UInt64, header: Header, fileKey: borrowing FileKey, reading source: @escaping Source
  ) throws {
    let headerSize = UInt64(header.encoded.count)
    start = headerSize + UInt64(Payload.nonceSize)
    guard fileSize >= start else { throw AgeError.truncatedHeader }
    guard let size = Payload.openedSize(fileSize - start) else { throw AgeError.truncatedPayload }
    var nonce = [UInt8](repeating: 0, count: Payload.nonceSize)
    try Self.fill(&nonce, from: source, at: headerSize)
    payload = Payload(fileKey: fileKey, nonce: nonce)
    (self.size, self.fileSize, self.source) = (size, fileSize, source)
    var plaintext = [UInt8](repeating: 0, count: Payload.sealedChunkSize)
    defer { plaintext.wipe() }
    _ = try open(lastChunk, into: &plaintext)
  }

  /// The bytes from `offset`: `count` of them, or fewer at the end of the plaintext.
  ///
  /// Errors: a chunk that is not authentic, a source that ends early, and whatever the source throws.
  public func read(at offset: UInt64, count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    guard offset < size, count > 0 else { return [] }
    let end = offset + min(UInt64(count), size - offset)
    bytes.reserveCapacity(Int(end - offset))
    var plaintext = [UInt8](repeating: 0, count: Payload.sealedChunkSize)
    defer { plaintext.wipe() }
    let chunkSize = UInt64(Payload.chunkSize)
    for chunk in offset / chunkSize...(end - 1) / chunkSize {
      let opened = try open(chunk, into: &plaintext)
      let first = chunk * chunkSize
      let from = Int(max(offset, first) - first)
      bytes += plaintext[from..<min(opened, Int(end - first))]
    }
    return bytes
  }

  /// Fills `output` with the bytes from `offset`, as far as there are; whole chunks are opened in their place. Gives how
  /// many there were.
  ///
  /// Errors: as `read(at:count:)`; then what was filled is not to be used.
  public func read(at offset: UInt64, into output: inout MutableSpan<UInt8>) throws -> Int {
    guard offset < size else { return 0 }
    let count = Int(min(UInt64(output.count), size - offset))
    let chunkSize = UInt64(Payload.chunkSize)
    var spare: [UInt8] = []
    defer { spare.wipe() }
    var filled = 0
    while filled < count {
      let place = offset + UInt64(filled)
      let chunk = place / chunkSize
      let skipped = Int(place % chunkSize)
      let inside = Int(min(chunkSize, size - chunk * chunkSize))
      let wanted = min(inside - skipped, count - filled)
      if wanted == inside {
        try output.withSlice(filled..<filled + wanted) { _ = try open(chunk, into: &$0) }
      } else {
        if spare.isEmpty { spare = [UInt8](repeating: 0, count: Payload.sealedChunkSize) }
        var span = spare.mutableSpan
        _ = try open(chunk, into: &span)
        output.copy(spare.span.extracting(skipped..<skipped + wanted), at: filled)
      }
      filled += wanted
    }
    return filled
  }

  private var lastChunk: UInt64 { size == 0 ? 0 : (size - 1) / UInt64(Payload.chunkSize) }

  private func open(_ chunk: UInt64, into plaintext: inout [UInt8]) throws -> Int {
    var span = plaintext.mutableSpan
    return try open(chunk, into: &span)
  }

  private func open(_ chunk: UInt64, into plaintext: inout MutableSpan<UInt8>) throws -> Int {
    let offset = start + chunk * UInt64(Payload.sealedChunkSize)
    var sealed = [UInt8](repeating: 0, count: Int(min(UInt64(Payload.sealedChunkSize), fileSize - offset)))
    try Self.fill(&sealed, from: source, at: offset)
    let isEnd = chunk == lastChunk
    let (written, failure) = payload.open(sealed.span, firstChunk: chunk, isEnd: isEnd, into: &plaintext)
    if let failure { throw failure }
    return written
  }

  private static func fill(_ bytes: inout [UInt8], from source: Source, at offset: UInt64) throws {
    guard !bytes.isEmpty else { return }
    let count = bytes.count
    var span = bytes.mutableSpan
    guard try source(offset, &span) == count else { throw AgeError.truncatedPayload }
  }
}
