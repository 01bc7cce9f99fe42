/// The two kinds of native keys. `classic` is age's X25519; `hybrid` is its mlkem768x25519, which also holds against a
/// quantum computer.
public enum KeyKind: String, Sendable {
  case classic, hybrid

  /// The Bech32 prefix of a recipient, lower case.
  var recipientPrefix: String {
    switch self {
    case .classic: "age"
    case .hybrid: "age1pq"
    }
  }

  /// The Bech32 prefix of an identity, in lower case; it is written in upper case.
  var identityPrefix: String {
    switch self {
    case .classic: "age-secret-key-"
    case .hybrid: "age-secret-key-pq-"
    }
  }

  /// The size of a public key in bytes.
  var publicKeySize: Int {
    switch self {
    case .classic: 32
    case .hybrid: HybridStanza.publicKeySize
    }
  }

  static let all: [KeyKind] = [.classic, .hybrid]
}
