import Sodium

/// The payload of one file (c2sp.org/age, "Payload"): chunks of 64 KiB under one key, the chunk's number and whether
/// it is the last in the nonce. Chunks can be worked on in any order and on any thread.
final class Payload: Sendable {
  /// Sizes in bytes.
  static let chunkSize = 64 * 1024, sealedChunkSize = chunkSize + ChaChaPoly.tagSize, nonceSize = 16

  private let key: Secret

  init(fileKey: borrowing FileKey, nonce: [UInt8]) {
    precondition(nonce.count == Self.nonceSize, "a payload's nonce has 16 bytes")
    key = fileKey.payloadKey(nonce: nonce)
  }

  /// How large the sealed chunks of `count` bytes are: nothing is one empty chunk.
  static func sealedSize(_ count: UInt64) -> UInt64 {
    count + max(1, (count + UInt64(chunkSize) - 1) / UInt64(chunkSize)) * UInt64(ChaChaPoly.tagSize)
  }

  /// How many bytes lie in sealed chunks of `count` bytes; nil if no payload has that size.
  static func openedSize(_ count: UInt64) -> UInt64? {
    let chunks = (count + UInt64(sealedChunkSize) - 1) / UInt64(sealedChunkSize)
    let tags = chunks * UInt64(ChaChaPoly.tagSize)
    guard chunks > 0, count >= tags, sealedSize(count - tags) == count else { return nil }
    return count - tags
  }

  /// Seals whole chunks, and at the end of the payload a last one that may be shorter. Gives the bytes written.
  func seal(
    _ plaintext: Span<UInt8>, firstChunk: UInt64, isEnd: Bool, into output: inout MutableSpan<UInt8>
  ) -> Int {
    precondition(isEnd || plaintext.count.isMultiple(of: Self.chunkSize), "only the last chunk is short")
    var (start, written, chunk) = (0, 0, firstChunk)
    repeat {
      let end = min(start + Self.chunkSize, plaintext.count)
      let size = end - start + ChaChaPoly.tagSize
      let nonce = Self.nonce(chunk, isLast: isEnd && end == plaintext.count)
      output.withSlice(written..<written + size) {
        ChaChaPoly.seal(plaintext.extracting(start..<end), into: &$0, key: key, nonce: nonce.span)
      }
      (start, written, chunk) = (end, written + size, chunk + 1)
    } while start < plaintext.count
    return written
  }

  /// Opens chunks in their order up to the first that is refused. Gives the plaintext bytes written before that, and
  /// why it stopped.
  func open(
    _ ciphertext: Span<UInt8>, firstChunk: UInt64, isEnd: Bool, into output: inout MutableSpan<UInt8>
  ) -> (written: Int, failure: AgeError?) {
    precondition(
      isEnd || ciphertext.count.isMultiple(of: Self.sealedChunkSize), "only the last chunk is short")
    var (start, written, chunk) = (0, 0, firstChunk)
    repeat {
      let end = min(start + Self.sealedChunkSize, ciphertext.count)
      let isLast = isEnd && end == ciphertext.count
      let size = end - start - ChaChaPoly.tagSize
      guard size >= 0 else { return (written, .truncatedPayload) }
      let sealed = ciphertext.extracting(start..<end)
      if !open(sealed, chunk, isLast: isLast, into: &output, at: written) {
        return failure(of: sealed, chunk, wasLast: isLast, into: &output, at: written)
      }
      if isLast, size == 0, chunk > 0 { return (written, .emptyLastChunk) }
      (start, written, chunk) = (end, written + size, chunk + 1)
    } while start < ciphertext.count
    return (written, nil)
  }

  /// Why a chunk was refused: a last chunk with more behind it, a middle chunk at the end (both are authentic and still
  /// given out, as age does), or neither. A middle chunk that is short is no chunk.
  private func failure(
    of sealed: Span<UInt8>, _ chunk: UInt64, wasLast: Bool, into output: inout MutableSpan<UInt8>,
    at offset: Int
  ) -> (written: Int, failure: AgeError?) {
    let isOther = open(sealed, chunk, isLast: !wasLast, into: &output, at: offset)
    guard isOther else { return (offset, .chunkNotAuthentic(chunk)) }
    let size = sealed.count - ChaChaPoly.tagSize
    if !wasLast { return (offset + size, .trailingData) }
    if size == Self.chunkSize { return (offset + size, .truncatedPayload) }
    output.withSlice(offset..<offset + size) { $0.wipe() }
    return (offset, .chunkNotAuthentic(chunk))
  }

  private func open(
    _ sealed: Span<UInt8>, _ chunk: UInt64, isLast: Bool, into output: inout MutableSpan<UInt8>,
    at offset: Int
  ) -> Bool {
    let nonce = Self.nonce(chunk, isLast: isLast)
    return output.withSlice(offset..<offset + sealed.count - ChaChaPoly.tagSize) {
      ChaChaPoly.open(sealed, into: &$0, key: key, nonce: nonce.span)
    }
  }

  /// Eleven bytes of the chunk's number, big-endian, and one that is 1 for the last chunk.
  private static func nonce(_ chunk: UInt64, isLast: Bool) -> [UInt8] {
    [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: chunk >> UInt64(56 - 8 * $0)) } + [isLast ? 1 : 0]
  }
}
