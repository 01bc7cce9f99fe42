import Sodium

/// Opens a stream of any length in bounded memory, on all cores.
public struct StreamOpener {
  private let identities: [any Identity]
  private let workers: Int

  /// An opener for these identities. `workers` is the most threads to use; without it, one for each core.
  public init(with identities: [any Identity], workers: Int? = nil) {
    self.identities = identities
    self.workers = workers ?? Stream.workers
  }

  /// Opens one binary file.
  ///
  /// `reading` fills as much as it can; fewer bytes than asked for are the end of the input. `observing` sees the
  /// sealed file, `writing` the plaintext. Each of the three is called serially and in order, but they may run at the
  /// same time as one another and on other threads. What they throw ends the run and is thrown as it is.
  ///
  /// - Important: `writing` gets each chunk when it is authentic by itself; that the file is whole and not cut short is
  ///   known only when `run` returns. Until then what was written must not be taken for the file. When a chunk is
  ///   refused, the chunks before it have been written.
  public func run(
    reading: (inout MutableSpan<UInt8>) throws -> Int, observing: (Span<UInt8>) throws -> Void = { _ in },
    writing: (Span<UInt8>) throws -> Void
  ) throws {
    let source = StreamSource()
    var first = [UInt8](repeating: 0, count: Header.maximumSize + Payload.sealedChunkSize + 1)
    let (count, isEnd) = try source.fill(&first, reading: reading)
    let prefix = first.span.extracting(first: count)
    let (header, length) = try Header.parse(prefix)
    let fileKey = try header.unwrap(with: identities)
    let start = length + Payload.nonceSize
    guard count >= start else { throw AgeError.truncatedHeader }
    let payload = Payload(fileKey: fileKey, nonce: prefix.extracting(length..<start).copy())
    try observing(prefix.extracting(first: start))
    let rest = prefix.extracting(start..<count)
    if isEnd { return try open(rest, payload, observing, writing) }
    source.putBack(rest)
    let pipeline = Pipeline(
      inputSize: Stream.chunks * Payload.sealedChunkSize, outputSize: Stream.chunks * Payload.chunkSize)
    try pipeline.run(
      workers: workers, source: source, reading: reading, observing: observing,
      work: { input, batch, isEnd, output in
        payload.open(input, firstChunk: batch * UInt64(Stream.chunks), isEnd: isEnd, into: &output)
      },
      writing: writing)
  }

  /// The short way for a file of a chunk or two, on the calling thread.
  private func open(
    _ chunks: Span<UInt8>, _ payload: Payload, _ observing: Pipeline.Sink, _ writing: Pipeline.Sink
  ) throws {
    if chunks.count > 0 { try observing(chunks) }
    var output = [UInt8](repeating: 0, count: chunks.count)
    defer { output.wipe() }
    var span = output.mutableSpan
    let (written, failure) = payload.open(chunks, firstChunk: 0, isEnd: true, into: &span)
    if written > 0 { try writing(output.span.extracting(first: written)) }
    if let failure { throw failure }
  }
}
