/// HKDF-SHA-256 (RFC 5869) over libsodium's HMAC, which libsodium 1.0.18 does not bring itself.
public enum HKDFSHA256 {
  /// `count` bytes (at most 255 × 32) from `secret`. An empty salt stands for 32 zero bytes, as in the RFC.
  public static func derive(secret: borrowing Secret, salt: [UInt8], info: [UInt8], count: Int) -> Secret {
    precondition(count >= 0 && count <= 255 * HMACSHA256.size, "HKDF gives at most 8160 bytes")
    // Extract: PRK = HMAC(salt, secret). HMAC pads its key with zeros, so an empty salt needs no case of its own.
    let key = Secret(count: HMACSHA256.size) { key in
      HMACSHA256.authenticate(key: salt.span, secret.bytes, into: &key)
    }
    // Expand: T(i) = HMAC(PRK, T(i-1) | info | i).
    var block = Secret(count: HMACSHA256.size)
    return Secret(count: count) { output in
      var written = 0
      var counter: UInt8 = 1
      while written < count {
        let previous = block.clone()
        block.withMutableBytes {
          let start = counter == 1 ? Span() : previous.bytes
          HMACSHA256.authenticate(key: key.bytes, start, info + [counter], into: &$0)
        }
        output.copy(block.bytes.extracting(first: min(HMACSHA256.size, count - written)), at: written)
        written += HMACSHA256.size
        counter &+= 1
      }
    }
  }
}
