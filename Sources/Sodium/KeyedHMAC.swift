import Crypto

/// HMAC-SHA-256 (RFC 2104) under one key, for thousands of short messages: the two hashes of the code, each with its padded
/// key already in it, are copied for every message. swift-crypto wipes each copy; only the hashes themselves pass by way
/// of the stack.
///
/// 10,000 codes of 32 bytes, one of the other, in a release build on an AMD EPYC with SHA-NI (best of 150, November 2026):
///
///     2.8 ms   this: swift-crypto's SHA-256, its states copied
///     4.1 ms   libsodium's crypto_auth_hmacsha256, its state copied
///     5.2 ms   swift-crypto's HMAC, its state copied
///     1.1 ms   BoringSSL's PBKDF2 by way of CryptoExtras: not used, for the key comes in a `Data` that nobody wipes
struct KeyedHMAC {
  private let inner: SHA256
  private let outer: SHA256
  private static let blockSize = 64

  init(_ key: borrowing Secret) {
    var block = Secret(count: Self.blockSize)
    block.withMutableBytes { block in
      if key.count <= Self.blockSize {
        block.copy(key.bytes)
      } else {
        block.copy(SHA256Hash(of: key.bytes).bytes.span)
      }
    }
    inner = Self.started(block, pad: 0x36)
    outer = Self.started(block, pad: 0x5C)
  }

  private static func started(_ block: borrowing Secret, pad: UInt8) -> SHA256 {
    let padded = Secret(count: blockSize) { padded in
      for index in 0..<blockSize { padded[index] = block.bytes[index] ^ pad }
    }
    var hash = SHA256()
    unsafe padded.bytes.withUnsafeBufferPointer { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    return hash
  }

  /// Writes the code of `message`, 32 bytes, which may take the place of the message.
  func authenticate(_ message: UnsafeRawBufferPointer, into code: UnsafeMutableRawBufferPointer) {
    var hash = inner
    unsafe hash.update(bufferPointer: message)
    var second = outer
    unsafe hash.finalize().withUnsafeBytes { unsafe second.update(bufferPointer: $0) }
    unsafe second.finalize().withUnsafeBytes { unsafe code.copyMemory(from: $0) }
  }

  /// Replaces `code` by its own code and adds that to `sum`, again and again.
  func chain(_ code: UnsafeMutableRawBufferPointer, into sum: UnsafeMutableRawBufferPointer, times: Int) {
    for _ in 0..<times {
      unsafe authenticate(UnsafeRawBufferPointer(code), into: code)
      for word in stride(from: 0, to: HMACSHA256.size, by: 8) {
        let next =
          unsafe sum.load(fromByteOffset: word, as: UInt64.self) ^ code.load(fromByteOffset: word, as: UInt64.self)
        unsafe sum.storeBytes(of: next, toByteOffset: word, as: UInt64.self)
      }
    }
  }
}
