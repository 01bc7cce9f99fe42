import Age
import Record
import Sodium

/// What sealing one layer takes: to whom, and the salts of its commitments. Who seals need not hold the layer's key.
struct LayerSealing: Sendable {
  let recipient: NativeRecipient
  let salt: @Sendable (CommittedKind, Int) throws -> Secret

  init(recipient: NativeRecipient, salt: @escaping @Sendable (CommittedKind, Int) throws -> Secret) {
    self.recipient = recipient
    self.salt = salt
  }

  init(_ key: NativeIdentity) {
    recipient = key.recipient
    salt = { kind, index in
      key.withSecretBytes { Commitment.salt(layerSecret: $0, kind: kind, index: index) }
    }
  }
}

/// What sealing one version takes.
struct RecordSealingKeys: Sendable {
  let summary: LayerSealing
  let testimony: LayerSealing
  let identity: LayerSealing
}

/// The keys of one version's layers.
struct RecordKeys: Sendable {
  let summary: NativeIdentity
  let testimony: NativeIdentity
  let identity: NativeIdentity

  static func generate(_ kind: KeyKind) -> RecordKeys {
    RecordKeys(summary: .generate(kind), testimony: .generate(kind), identity: .generate(kind))
  }

  var sealing: RecordSealingKeys {
    RecordSealingKeys(
      summary: LayerSealing(summary), testimony: LayerSealing(testimony), identity: LayerSealing(identity))
  }
}
