import Sodium

/// The encryption of the master secret under a passphrase (SLIP-39, "Encryption of the master secret"): a Feistel network
/// of four rounds whose function is PBKDF2-HMAC-SHA-256, with 2,500 × 2^exponent HMACs for each 32 bytes of a half.
///
/// It keeps its size, and any passphrase decrypts to something: which one was meant, nobody can tell from the shares.
struct MasterCipher: ~Copyable {
  let passphrase: Secret
  let identifier: Int
  let isExtendable: Bool
  let iterationExponent: Int

  /// The encrypted master secret.
  func encrypt(_ secret: borrowing Secret) -> Secret { run(secret, rounds: [0, 1, 2, 3]) }

  /// The master secret.
  func decrypt(_ secret: borrowing Secret) -> Secret { run(secret, rounds: [3, 2, 1, 0]) }

  private func run(_ secret: borrowing Secret, rounds: [UInt8]) -> Secret {
    let half = secret.count / 2
    var left = Secret(copying: secret.bytes.extracting(first: half))
    var right = Secret(copying: secret.bytes.extracting(droppingFirst: half))
    for round in rounds {
      var next = key(round, right)
      next.withMutableBytes { next in
        for index in 0..<half { next[index] ^= left.bytes[index] }
      }
      left = right
      right = next
    }
    return Secret(count: secret.count) { output in
      output.copy(right.bytes)
      output.copy(left.bytes, at: half)
    }
  }

  /// F(round, half): the password is the round's number and the passphrase, the salt that of the set and the half.
  private func key(_ round: UInt8, _ half: borrowing Secret) -> Secret {
    let password = Secret(count: 1 + passphrase.count) { password in
      password[0] = round
      password.copy(passphrase.bytes, at: 1)
    }
    let prefix = saltPrefix
    let salt = Secret(count: prefix.count + half.count) { salt in
      salt.copy(prefix.span)
      salt.copy(half.bytes, at: prefix.count)
    }
    return PBKDF2SHA256.derive(
      password: password, salt: salt, rounds: 2500 << iterationExponent, count: half.count)
  }

  /// Empty for an extendable set, so that later sets of the same secret decrypt alike whatever their identifier.
  private var saltPrefix: [UInt8] {
    guard !isExtendable else { return [] }
    return Array("shamir".utf8) + [UInt8(identifier >> 8), UInt8(identifier & 0xFF)]
  }
}
