/// PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-256, on the fastest at hand (`KeyedHMAC`).
public enum PBKDF2SHA256 {
  /// A key of `count` bytes from `password` and `salt`, in `rounds` HMACs for every 32 bytes.
  public static func derive(
    password: borrowing Secret, salt: borrowing Secret, rounds: Int, count: Int
  ) -> Secret {
    precondition(rounds > 0 && count >= 0, "the parameters of PBKDF2 are positive")
    let key = KeyedHMAC(password)
    return Secret(count: count) { output in
      var number: UInt32 = 0
      for start in stride(from: 0, to: count, by: HMACSHA256.size) {
        number += 1
        let block = block(number, key, salt, rounds)
        output.copy(block.bytes.extracting(first: min(HMACSHA256.size, count - start)), at: start)
      }
    }
  }

  /// T(number) = U(1) xor … xor U(rounds), where U(1) is the code of the salt and the number, and each next one that of
  /// the one before.
  private static func block(
    _ number: UInt32, _ key: KeyedHMAC, _ salt: borrowing Secret, _ rounds: Int
  ) -> Secret {
    let numbered = Secret(count: salt.count + 4) { numbered in
      numbered.copy(salt.bytes)
      for index in 0..<4 {
        numbered[salt.count + index] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * index))
      }
    }
    var code = Secret(count: HMACSHA256.size) { code in
      unsafe numbered.bytes.withUnsafeBufferPointer { numbered in
        unsafe code.withUnsafeMutableBufferPointer { code in
          unsafe key.authenticate(UnsafeRawBufferPointer(numbered), into: UnsafeMutableRawBufferPointer(code))
        }
      }
    }
    var sum = code.clone()
    code.withMutableBytes { code in
      sum.withMutableBytes { sum in
        unsafe code.withUnsafeMutableBufferPointer { code in
          unsafe sum.withUnsafeMutableBufferPointer { sum in
            unsafe key.chain(
              UnsafeMutableRawBufferPointer(code), into: UnsafeMutableRawBufferPointer(sum), times: rounds - 1)
          }
        }
      }
    }
    return sum
  }
}
