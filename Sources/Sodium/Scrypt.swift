import CSodium

/// Why a key was not derived from a passphrase.
public enum ScryptError: Error, Equatable, Sendable {
  /// The work asked for (log2 N) is above the caller's ceiling. Nothing was computed.
  case tooMuchWork(Int)
  /// The system did not give the memory the work needs (128 × r × N bytes).
  case outOfMemory
}

/// scrypt (RFC 7914), with a ceiling on the work a foreign file can ask for.
public enum Scrypt {
  /// A key of `count` bytes (32 unless told) from a passphrase. N is 2^`logN`; `ceiling` is the largest log2 N
  /// allowed. Refused: more work than the ceiling, and work the memory does not suffice for.
  public static func derive(
    passphrase: borrowing Secret, salt: [UInt8], logN: Int, r: Int = 8, p: Int = 1, ceiling: Int,
    count: Int = 32
  ) throws(ScryptError) -> Secret {
    precondition(logN > 0 && r > 0 && p > 0 && count > 0, "the parameters of scrypt are positive")
    guard logN <= ceiling, logN < 63 else { throw .tooMuchWork(logN) }
    var status: Int32 = -1
    let key = Secret(count: count) { key in
      status = unsafe key.withMutablePointer { key in
        unsafe passphrase.bytes.withPointer {
          unsafe crypto_pwhash_scryptsalsa208sha256_ll(
            $0, passphrase.count, salt, salt.count, UInt64(1) << UInt64(logN), UInt32(r), UInt32(p), key,
            count)
        }
      }
    }
    guard status == 0 else { throw .outOfMemory }
    return key
  }
}
