import Sodium

/// Seals a stream of any length in bounded memory, on all cores.
public struct StreamSealer {
  private let recipients: RecipientList
  private let workers: Int

  /// A sealer for these recipients. `workers` is the most threads to use; without it, one for each core.
  ///
  /// Errors: nobody, too many, hybrid beside classic, a passphrase beside anything.
  public init(to recipients: [any Recipient], workers: Int? = nil) throws(AgeError) {
    self.recipients = try RecipientList(recipients)
    self.workers = workers ?? Stream.workers
  }

  /// Seals one file; each run makes a new one, with a file key of its own.
  ///
  /// `reading` fills as much as it can; fewer bytes than asked for are the end of the input. `observing` sees the
  /// plaintext, `writing` the sealed file. Each of the three is called serially and in order, but they may run at the
  /// same time as one another and on other threads. What they throw ends the run and is thrown as it is; then what was
  /// written is a torn file.
  ///
  /// The first that `writing` sees, before anything is read, is the header and the payload's nonce and nothing else: they
  /// name the file key that all the rest is under, so the content itself may speak of them.
  public func run(
    reading: (inout MutableSpan<UInt8>) throws -> Int, observing: (Span<UInt8>) throws -> Void = { _ in },
    writing: (Span<UInt8>) throws -> Void
  ) throws {
    let fileKey = FileKey.random()
    let header = try recipients.header(for: fileKey)
    let nonce = Random.bytes(Payload.nonceSize)
    let payload = Payload(fileKey: fileKey, nonce: nonce)
    try writing((header.encoded + nonce).span)
    let source = StreamSource()
    var first = [UInt8](repeating: 0, count: Payload.chunkSize + 1)
    defer { first.wipe() }
    let (count, isEnd) = try source.fill(&first, reading: reading)
    if isEnd {
      var output = [UInt8](repeating: 0, count: Payload.sealedChunkSize)
      var span = output.mutableSpan
      let plaintext = first.span.extracting(first: count)
      if count > 0 { try observing(plaintext) }
      let written = payload.seal(plaintext, firstChunk: 0, isEnd: true, into: &span)
      return try writing(output.span.extracting(first: written))
    }
    source.putBack(first.span.extracting(first: count))
    let pipeline = Pipeline(
      inputSize: Stream.chunks * Payload.chunkSize, outputSize: Stream.chunks * Payload.sealedChunkSize)
    try pipeline.run(
      workers: workers, source: source, reading: reading, observing: observing,
      work: { input, batch, isEnd, output in
        let chunk = batch * UInt64(Stream.chunks)
        return (payload.seal(input, firstChunk: chunk, isEnd: isEnd, into: &output), nil)
      },
      writing: writing)
  }
}

/// What sealing and opening a stream have in common.
enum Stream {
  /// Chunks in a batch: 1 MiB of plaintext, which stays in the cache from one step to the next.
  static let chunks = 16
  /// More threads than this only wait for the serial stages; the system gives no more than it has cores.
  static let workers = 8
}
