import Age
import Platform
public import Record
import Sodium
import Synchronization

/// One opened compartment: checked against its place, its key and the manifest's commitment.
public struct OpenedLayer: Sendable {
  public let record: ThingID
  public let version: SealedVersion
  public let manifest: Manifest
  public let layer: Layer
  public let compartment: Compartment
  let identity: NativeIdentity
}

/// Opens compartments with what one member holds. May be used from several threads.
struct LayerReader: Sendable {
  let vault: VaultFolder
  let id: SHA256Hash
  let key: MemberKey
  let circles: CircleKeys
  let locks: LockIndex

  /// The layers of a record's version whose locks this member can open, without opening them.
  func layers(of version: SealedVersion) -> [Layer] {
    locks.layers(version.note) { circles.holds($0, key) }
  }

  /// Opens one compartment of a record's version.
  ///
  /// - Parameter found: the version's lock files, where the caller has them already.
  func open(
    _ layer: Layer, of record: ThingID, _ version: SealedVersion, with found: [LockIndex.Found]? = nil
  ) throws(VaultError) -> OpenedLayer {
    try open(layer, of: record, version, with: layerKey(layer, of: record, version, with: found))
  }

  /// Opens one compartment with its key.
  func open(
    _ layer: Layer, of record: ThingID, _ version: SealedVersion, with identity: NativeIdentity
  ) throws(VaultError) -> OpenedLayer {
    let manifest = try version.checkedManifest()
    guard let object = manifest.layers[layer] else { throw .notHere(record.shown()) }
    let place = ObjectPlace(.sealed, object.object)
    let file = try vault.read(place, atMost: VaultFolder.textFileLimit)
    let content: Secret
    do { content = try AgeFile.open(file.span, with: [identity]) } catch {
      throw .damaged(Place(place.description), .age(error))
    }
    guard SealedReader.hasOneStanza(file.span, of: identity.kind) else {
      throw .damaged(Place(place.description), .stanzas)
    }
    let compartment: Compartment
    do { compartment = try Compartment(parsing: content.bytes) } catch {
      throw .damaged(Place(place.description), .record(error))
    }
    guard compartment.vault == id, compartment.record == record.hash, compartment.layer == layer,
      compartment.version == manifest.version
    else { throw .damaged(Place(place.description), .otherPlace) }
    let committed = Compartment.committed(in: content.bytes)
    guard Self.isCommitted(compartment, committed, in: manifest.commitments, identity) else {
      throw .damaged(Place(place.description), .commitment)
    }
    return OpenedLayer(
      record: record, version: version, manifest: manifest, layer: layer, compartment: compartment, identity: identity)
  }

  /// Whether the manifest commits to this content, and to the attachments that it lists.
  static func isCommitted(
    _ compartment: Compartment, _ content: CommittedContent, in commitments: Commitments, _ identity: NativeIdentity
  ) -> Bool {
    let layer = compartment.layer
    return identity.withSecretBytes { secret in
      let salt = Commitment.salt(layerSecret: secret, kind: CommittedKind(layer), index: 0)
      let own = Commitment.to(
        kind: CommittedKind(layer), record: compartment.record, version: compartment.version, index: 0,
        length: content.length, content: content.content, salt: salt)
      guard own == commitments[layer] else { return false }
      if layer == .summary { return true }
      let root = AttachmentTree.root(
        compartment.attachments.map(\.committed), kind: layer == .testimony ? .attachment : .identityAttachment,
        record: compartment.record, version: compartment.version, layerSecret: secret)
      return root == (layer == .testimony ? commitments.attachments : commitments.identityAttachments)
    }
  }

  /// The layer's key through any lock that this member can open. A lock that carries another key than the manifest
  /// names is passed over; if there is no other, that is damage, not a refusal.
  func layerKey(
    _ layer: Layer, of record: ThingID, _ version: SealedVersion, with known: [LockIndex.Found]? = nil
  ) throws(VaultError) -> NativeIdentity {
    let manifest = try version.checkedManifest()
    let found = known ?? locks.found(version.note)
    guard !found.isEmpty else {
      if let bad = locks.damaged.first { throw .damaged(bad.place, bad.damage) }
      throw .missing(Place("the lock file of \(record.shown())"))
    }
    var wrong: SHA256Hash?
    for file in found {
      for lock in file.note.locks where lock.carries == .layer(layer) && circles.holds(lock.to, key) {
        let own: NativeIdentity? =
          switch lock.to {
          case .circle(let address): circles.identity(address)
          case .member: key.identity
          case .share: nil
          }
        if let own, let identity = LockedKey.open(lock.file, with: own),
          KeyHash.ofRecipient(identity.recipient.text) == manifest.layers[layer]?.recipient
        {
          return identity
        }
        wrong = file.file
      }
    }
    if let wrong { throw .damaged(Place(ObjectPlace(.locks, wrong).description), .otherKey) }
    if layer == .identity, Self.isShared(found) { throw .opensByQuorum(record) }
    throw .notThisLayer(record, wanted: layer, may: layers(of: version), by: key.name.text)
  }

  /// Whether an identity's key lies with custodians, in shares.
  private static func isShared(_ found: [LockIndex.Found]) -> Bool {
    found.contains { file in
      file.note.locks.contains { lock in if case .share = lock.to { true } else { false } }
    }
  }
}

extension Session {
  /// The layers of a record's version that this member's keys open, without opening them.
  public func layers(of version: SealedVersion) throws(VaultError) -> [Layer] { try reader().layers(of: version) }

  /// Everything that was sealed of a record.
  public func history(of record: ThingID) throws(VaultError) -> RecordHistory {
    guard let history = log.records[record], !history.versions.isEmpty else { throw .notHere(record.shown()) }
    return history
  }

  /// The newest version of a record; of several that were made apart, the same one on every machine.
  public func newest(_ record: ThingID) throws(VaultError) -> SealedVersion {
    guard let version = try history(of: record).versions.last else { throw .notHere(record.shown()) }
    return version
  }

  /// Opens one compartment of a record's version.
  public func open(_ layer: Layer, of record: ThingID, _ version: SealedVersion) throws(VaultError) -> OpenedLayer {
    try reader().open(layer, of: record, version)
  }

  /// The locks are read once.
  func reader() throws(VaultError) -> LayerReader {
    if locks == nil {
      locks = try LockIndex.read(vault, of: note.id, with: circles, own: key, log: log, index)
    }
    let locks = self.locks ?? LockIndex()
    return LayerReader(vault: vault, id: note.id, key: key, circles: circles, locks: locks)
  }
}

extension SealedVersion {
  /// The manifest; it was checked when the entry was judged.
  func checkedManifest() throws(VaultError) -> Manifest {
    do { return try manifest() } catch {
      throw .damaged(Place(ObjectPlace(.log, entry.file).description), .record(error))
    }
  }
}
