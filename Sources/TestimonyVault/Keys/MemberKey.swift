public import Age
public import Record
public import Sodium

/// A member's own keys, unlocked: an age identity and the signing keys. None is derived from another (PROTOCOL, keys).
public final class MemberKey: Sendable {
  public let name: PersonName
  public let identity: NativeIdentity
  public let signing: SigningKey
  /// With it this person speaks for the vault in public, once counsel with a publisher's number.
  public let publisher: SigningKey
  /// With it this person issues checkpoints, once the registrar.
  public let registrar: SigningKey
  /// With it this person writes the roster, once the founding or a succession made it the founder's.
  public let founder: SigningKey
  /// The vault that this key belongs to; nil for a key made before its vault was at hand.
  public let vault: SHA256Hash?

  public var hash: SHA256Hash { KeyHash.of(signing.verifyingKey) }

  init(
    name: PersonName, identity: NativeIdentity, signing: SigningKey, publisher: SigningKey, registrar: SigningKey,
    founder: SigningKey, vault: SHA256Hash?
  ) {
    self.name = name
    self.identity = identity
    self.signing = signing
    self.publisher = publisher
    self.registrar = registrar
    self.founder = founder
    self.vault = vault
  }

  /// Makes a new key for one person on one device.
  public static func make(_ name: PersonName, kind: KeyKind, vault: SHA256Hash?) -> MemberKey {
    make(name, identity: .generate(kind), vault: vault)
  }

  /// Makes a key around an identity that came back from its paper backup: all signing keys are new.
  public static func make(_ name: PersonName, identity: NativeIdentity, vault: SHA256Hash?) -> MemberKey {
    MemberKey(
      name: name, identity: identity, signing: .generate(), publisher: .generate(),
      registrar: .generate(), founder: .generate(), vault: vault)
  }

  /// The public half, signed by itself.
  public func card() throws(VaultError) -> Card {
    do {
      return try Card(
        name: name, recipient: identity.recipient.text, signing: signing, publisher: publisher.verifyingKey,
        registrar: registrar.verifyingKey, founder: founder.verifyingKey)
    } catch { throw .record(error) }
  }
}
