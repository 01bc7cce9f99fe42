public import Sodium

/// A passphrase to seal with (c2sp.org/age, "The scrypt recipient type"). It stands alone in its header.
public struct ScryptRecipient: Recipient {
  /// log2 of the work when nothing else is asked for; about a second.
  public static let defaultLogN = 18

  private let passphrase: SecretBox
  private let logN: Int

  /// A recipient that derives its key with N = 2^`logN`, 1 to 30.
  public init(passphrase: borrowing Secret, logN: Int = defaultLogN) {
    precondition((1...30).contains(logN), "log2 N lies between 1 and 30")
    self.passphrase = SecretBox(passphrase.clone())
    self.logN = logN
  }

  public var company: Company { .alone }

  public func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza] {
    let salt = Random.bytes(ScryptStanza.saltSize)
    let wrapKey = try ScryptStanza.wrapKey(passphrase.secret, salt: salt, logN: logN, ceiling: logN)
    let argument = String(decoding: Base64.encode(salt.span, padded: false), as: UTF8.self)
    return [
      Stanza(
        type: AgeError.StanzaKind.scrypt.rawValue, arguments: [argument, String(logN)],
        body: fileKey.wrapped(under: wrapKey))
    ]
  }
}

/// What both sides of a passphrase share.
enum ScryptStanza {
  static let saltSize = 16
  private static let label = Array("age-encryption.org/v1/scrypt".utf8)

  static func wrapKey(
    _ passphrase: borrowing Secret, salt: [UInt8], logN: Int, ceiling: Int
  ) throws(AgeError) -> Secret {
    do {
      return try Scrypt.derive(passphrase: passphrase, salt: label + salt, logN: logN, ceiling: ceiling)
    } catch {
      switch error {
      case .tooMuchWork(let logN): throw .tooMuchWork(logN: logN)
      case .outOfMemory: throw .outOfMemory
      }
    }
  }
}
