public import Sodium
import Transparency

/// The key names under which notes are signed (PROTOCOL, signed notes): they bind a signature to its vault and its role.
public enum KeyName {
  /// `vault.note` alone: the vault has no id yet when it is signed.
  public static let founding = "testimony-vault/founder"
  /// A card, signed by the key that it names.
  public static let card = "testimony-vault/card"

  public static func founder(of vault: SHA256Hash) -> String { "testimony-vault/\(vault)/founder" }
  /// The registrar's, and the origin of the vault's checkpoints.
  public static func registrar(of vault: SHA256Hash) -> String { "testimony-vault/\(vault)" }
  public static func member(of vault: SHA256Hash) -> String { "testimony-vault/\(vault)/member" }
  /// A field device's, for drops and what belongs to them.
  public static func kit(of vault: SHA256Hash) -> String { "testimony-vault/\(vault)/kit" }
  public static func publisher(_ number: Int, of vault: SHA256Hash) -> String {
    "testimony-vault/\(vault)/publisher-\(number)"
  }
}

/// The hashes by which keys are named: never the key itself where a hash does.
public enum KeyHash {
  /// SHA-256 of the 32 raw bytes of an Ed25519 public key.
  public static func of(_ key: VerifyingKey) -> SHA256Hash { SHA256Hash(of: key.bytes) }

  /// SHA-256 of the lower-case Bech32 text of an age recipient.
  public static func ofRecipient(_ text: String) -> SHA256Hash { SHA256Hash(of: Array(text.utf8)) }
}
