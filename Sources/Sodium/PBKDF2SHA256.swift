import CSodium

/// PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-256.
public enum PBKDF2SHA256 {
  /// A key of `count` bytes from `password` and `salt`, in `rounds` HMACs for every 32 bytes.
  public static func derive(
    password: borrowing Secret, salt: borrowing Secret, rounds: Int, count: Int
  ) -> Secret {
    precondition(rounds > 0 && count >= 0, "the parameters of PBKDF2 are positive")
    var keyed = crypto_auth_hmacsha256_state()
    _ = unsafe password.bytes.withPointer { unsafe crypto_auth_hmacsha256_init(&keyed, $0, password.count) }
    defer { unsafe sodium_memzero(&keyed, MemoryLayout<crypto_auth_hmacsha256_state>.size) }
    return Secret(count: count) { key in
      var block = Secret(count: HMACSHA256.size)
      var number: UInt32 = 0
      for start in stride(from: 0, to: count, by: HMACSHA256.size) {
        number += 1
        block.withMutableBytes { fill(&$0, number, keyed, salt, rounds) }
        key.copy(block.bytes.extracting(first: min(HMACSHA256.size, count - start)), at: start)
      }
    }
  }

  /// T(number) = U(1) xor … xor U(rounds), where U(1) is the code of the salt and the number, and each next one that of
  /// the one before.
  private static func fill(
    _ block: inout MutableSpan<UInt8>, _ number: UInt32, _ keyed: crypto_auth_hmacsha256_state,
    _ salt: borrowing Secret, _ rounds: Int
  ) {
    let size = HMACSHA256.size
    var code = Secret(count: size)
    code.withMutableBytes { code in
      unsafe code.withMutablePointer { code in
        unsafe block.withMutablePointer { block in
          var state = keyed
          _ = unsafe salt.bytes.withPointer { unsafe crypto_auth_hmacsha256_update(&state, $0, UInt64(salt.count)) }
          let suffix = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
          _ = unsafe crypto_auth_hmacsha256_update(&state, suffix, 4)
          _ = unsafe crypto_auth_hmacsha256_final(&state, code)
          unsafe block.update(from: code, count: size)
          for _ in 1..<rounds {
            state = keyed
            _ = unsafe crypto_auth_hmacsha256_update(&state, code, UInt64(size))
            _ = unsafe crypto_auth_hmacsha256_final(&state, code)
            for index in 0..<size { unsafe block[index] ^= code[index] }
          }
          unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        }
      }
    }
  }
}
