import CSodium

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1), with a key of any length.
public enum HMACSHA256 {
  /// The size of a code in bytes.
  public static let size = 32

  /// The code of `message` under `key`, 32 bytes. Compare it with `ConstantTime.equal`.
  public static func code(key: Span<UInt8>, message: Span<UInt8>) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: size)
    var span = code.mutableSpan
    authenticate(key: key, message, into: &span)
    return code
  }

  /// The code of `message` under `key`, where both are secret.
  public static func code(key: borrowing Secret, message: borrowing Secret) -> Secret {
    Secret(count: size) { authenticate(key: key.bytes, message.bytes, into: &$0) }
  }

  /// The code of `message` and then `suffix`, written where a secret can be born.
  static func authenticate(
    key: Span<UInt8>, _ message: Span<UInt8>, _ suffix: [UInt8] = [], into code: inout MutableSpan<UInt8>
  ) {
    precondition(code.count == size, "a code has 32 bytes")
    Library.prepare()
    var state = crypto_auth_hmacsha256_state()
    _ = unsafe key.withPointer { unsafe crypto_auth_hmacsha256_init(&state, $0, key.count) }
    _ = unsafe message.withPointer { unsafe crypto_auth_hmacsha256_update(&state, $0, UInt64(message.count)) }
    _ = unsafe crypto_auth_hmacsha256_update(&state, suffix, UInt64(suffix.count))
    _ = unsafe code.withMutablePointer { unsafe crypto_auth_hmacsha256_final(&state, $0) }
    // The state holds the padded key; libsodium leaves it to the caller.
    unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
  }
}
