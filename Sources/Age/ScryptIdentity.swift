public import Sodium

/// A passphrase to open with. A wrong one is "not mine" (nil): the format cannot tell it from another's file.
public final class ScryptIdentity: Identity {
  /// log2 of the most work a file may ask for when nothing else is said: 1 GB of memory and some seconds.
  public static let defaultMaximumLogN = 20

  private let passphrase: Secret
  private let maximumLogN: Int

  /// An identity that refuses files that ask for more than 2^`maximumLogN`, before any work is done.
  public init(passphrase: consuming Secret, maximumLogN: Int = defaultMaximumLogN) {
    self.passphrase = passphrase
    self.maximumLogN = maximumLogN
  }

  /// Refused: a scrypt stanza beside another; arguments, salt, work or body of the wrong form; too much work.
  public func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
    let type = AgeError.StanzaKind.scrypt.rawValue
    guard let stanza = stanzas.first(where: { $0.type == type }) else { return nil }
    guard stanzas.count == 1 else { throw .scryptNotAlone }
    guard stanza.arguments.count == 2, stanza.body.count == FileKey.wrappedSize,
      let salt = Base64.decode(Array(stanza.arguments[0].utf8).span, padded: false),
      salt.count == ScryptStanza.saltSize,
      let logN = Self.work(Array(stanza.arguments[1].utf8))
    else { throw .malformedStanza(.scrypt) }
    let wrapKey = try ScryptStanza.wrapKey(passphrase, salt: salt, logN: logN, ceiling: maximumLogN)
    return FileKey.unwrapped(stanza.body, under: wrapKey)
  }

  /// A decimal number without sign or leading zero; as far as this goes, more than 18 digits are no number.
  private static func work(_ digits: [UInt8]) -> Int? {
    guard (1...18).contains(digits.count), digits[0] != UInt8(ascii: "0") else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
