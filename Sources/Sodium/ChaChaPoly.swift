import CSodium

/// ChaCha20-Poly1305 (RFC 8439, the IETF form): key 32 bytes, nonce 12, no associated data, tag of 16 bytes
/// behind the ciphertext. Wrong sizes are programmer errors; a failed tag is an answer.
public enum ChaChaPoly {
  /// Sizes in bytes.
  public static let keySize = 32, nonceSize = 12, tagSize = 16

  /// Encrypts `plaintext` into `output`, which is 16 bytes longer.
  public static func seal(
    _ plaintext: Span<UInt8>, into output: inout MutableSpan<UInt8>, key: borrowing Secret,
    nonce: Span<UInt8>,
    authenticating data: Span<UInt8> = Span()
  ) {
    precondition(key.count == keySize && nonce.count == nonceSize, "wrong key or nonce size")
    precondition(output.count == plaintext.count + tagSize, "the output holds the ciphertext and its tag")
    let status = unsafe output.withMutablePointer { output in
      unsafe key.bytes.withPointer { key in
        unsafe nonce.withPointer { nonce in
          unsafe data.withPointer { associated in
            unsafe plaintext.withPointer {
              unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
                output, nil, $0, UInt64(plaintext.count), associated, UInt64(data.count), nil, nonce, key)
            }
          }
        }
      }
    }
    precondition(status == 0, "encryption does not fail")
  }

  /// Decrypts `ciphertext` into `output`, which is 16 bytes shorter. False: not authentic, and the output is
  /// zeroed. A ciphertext shorter than a tag is not authentic.
  public static func open(
    _ ciphertext: Span<UInt8>, into output: inout MutableSpan<UInt8>, key: borrowing Secret,
    nonce: Span<UInt8>,
    authenticating data: Span<UInt8> = Span()
  ) -> Bool {
    precondition(key.count == keySize && nonce.count == nonceSize, "wrong key or nonce size")
    guard ciphertext.count >= tagSize else {
      output.wipe()
      return false
    }
    precondition(output.count == ciphertext.count - tagSize, "the output holds the plaintext")
    let status = unsafe output.withMutablePointer { output in
      unsafe key.bytes.withPointer { key in
        unsafe nonce.withPointer { nonce in
          unsafe data.withPointer { associated in
            unsafe ciphertext.withPointer {
              unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
                output, nil, nil, $0, UInt64(ciphertext.count), associated, UInt64(data.count), nonce, key)
            }
          }
        }
      }
    }
    if status != 0 { output.wipe() }
    return status == 0
  }
}
