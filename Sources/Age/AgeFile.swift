public import Sodium

/// Small age files in one go, in memory and on the calling thread.
public enum AgeFile {
  /// The sealed file of `plaintext`.
  ///
  /// Errors: the recipients (nobody, too many, mixed, a passphrase not alone, an unusable key).
  public static func seal(_ plaintext: Span<UInt8>, to recipients: [any Recipient]) throws(AgeError)
    -> [UInt8]
  {
    let fileKey = FileKey.random()
    let header = try RecipientList(recipients).header(for: fileKey)
    let nonce = Random.bytes(Payload.nonceSize)
    let payload = Payload(fileKey: fileKey, nonce: nonce)
    let prefix = header.encoded + nonce
    let start = prefix.count
    let end = start + Int(Payload.sealedSize(UInt64(plaintext.count)))
    var file = [UInt8](repeating: 0, count: end)
    var span = file.mutableSpan
    span.copy(prefix.span)
    _ = span.withSlice(start..<end) { payload.seal(plaintext, firstChunk: 0, isEnd: true, into: &$0) }
    return file
  }

  /// The sealed file of a secret.
  public static func seal(_ plaintext: borrowing Secret, to recipients: [any Recipient]) throws(AgeError)
    -> [UInt8]
  {
    try seal(plaintext.bytes, to: recipients)
  }

  /// The plaintext of a binary file, given out only when all of it is authentic.
  public static func open(_ file: Span<UInt8>, with identities: [any Identity]) throws(AgeError) -> Secret {
    let (header, length) = try Header.parse(file)
    let fileKey = try header.unwrap(with: identities)
    guard file.count >= length + Payload.nonceSize else { throw .truncatedHeader }
    let start = length + Payload.nonceSize
    let payload = Payload(fileKey: fileKey, nonce: file.extracting(length..<start).copy())
    let chunks = file.extracting(start..<file.count)
    let count = UInt64(chunks.count)
    // A payload no sealing gives is opened all the same, for the reason it is refused with.
    let room = Payload.openedSize(count) ?? count
    return try Secret(count: Int(room)) { (output: inout MutableSpan<UInt8>) throws(AgeError) in
      let (_, failure) = payload.open(chunks, firstChunk: 0, isEnd: true, into: &output)
      if let failure { throw failure }
    }
  }

  /// The size in bytes of the file that holds `plaintext` bytes behind a header of `headerSize` bytes.
  public static func sealedSize(plaintext count: Int, headerSize: Int) -> Int {
    headerSize + Payload.nonceSize + Int(Payload.sealedSize(UInt64(count)))
  }
}
