import Age
public import Platform
public import Record
import Sodium
import Synchronization

/// One opened compartment: checked against its place, its key and the manifest's commitment.
public struct OpenedLayer: Sendable {
  public let record: ThingID
  public let version: SealedVersion
  public let layer: Layer
  public let compartment: Compartment
  let identity: NativeIdentity
}

extension Session {
  /// The layers of a record's version that this member's keys open, without opening them.
  public func layers(of version: SealedVersion) throws(VaultError) -> [Layer] {
    let locks = try lockIndex().byManifest[version.entry.note] ?? []
    return Layer.allCases.filter { layer in
      locks.contains { $0.note.locks.contains { $0.carries == .layer(layer) && holds($0.to) } }
    }
  }

  /// The newest version of a record.
  public func newest(_ record: ThingID) throws(VaultError) -> SealedVersion {
    guard let version = log.records[record]?.max(by: { $0.manifest.version < $1.manifest.version }) else {
      throw .notHere(record.shown())
    }
    return version
  }

  /// Opens one compartment of a record's version.
  public func open(_ layer: Layer, of record: ThingID, _ version: SealedVersion) throws(VaultError) -> OpenedLayer {
    let identity = try layerKey(layer, of: record, version)
    guard let object = version.manifest.layers[layer] else { throw .notHere(record.shown()) }
    let place = ObjectPlace(.sealed, object.object)
    let file = try vault.read(place)
    let content: Secret
    do { content = try AgeFile.open(file.span, with: [identity]) } catch {
      throw .damaged(Place(place.description), .age(error))
    }
    let compartment: Compartment
    do { compartment = try Compartment(parsing: content.bytes) } catch {
      throw .damaged(Place(place.description), .record(error))
    }
    guard compartment.vault == note.id, compartment.record == record.hash, compartment.layer == layer,
      compartment.version == version.manifest.version
    else { throw .damaged(Place(place.description), .otherPlace) }
    let committed = Compartment.committed(in: content.bytes)
    let kind = CommittedKind(layer)
    let commitments = version.manifest.commitments
    let good = identity.withSecretBytes { secret in
      let salt = Commitment.salt(layerSecret: secret, kind: kind, index: 0)
      let own = Commitment.to(
        kind: kind, record: record.hash, version: compartment.version, index: 0, length: committed.length,
        content: committed.content, salt: salt)
      guard own == commitments[layer] else { return false }
      if layer == .summary { return true }
      let root = AttachmentTree.root(
        compartment.attachments.map(\.committed), kind: layer == .testimony ? .attachment : .identityAttachment,
        record: record.hash, version: compartment.version, layerSecret: secret)
      return root == (layer == .testimony ? commitments.attachments : commitments.identityAttachments)
    }
    guard good else { throw .damaged(Place(place.description), .commitment) }
    return OpenedLayer(record: record, version: version, layer: layer, compartment: compartment, identity: identity)
  }

  func lockIndex() throws(VaultError) -> LockIndex {
    if let locks { return locks }
    let index = try LockIndex.read(vault, with: circles, own: key.identity)
    locks = index
    return index
  }

  private func holds(_ addressee: LocksNote.Addressee) -> Bool {
    switch addressee {
    case .circle(let address): circles.identity(address) != nil
    case .member(let member): member == key.hash
    }
  }

  /// The layer's key through any lock that this member can open. A lock that carries another key than the manifest
  /// names is passed over; if there is no other, that is damage, not a refusal.
  private func layerKey(_ layer: Layer, of record: ThingID, _ version: SealedVersion) throws(VaultError) -> NativeIdentity {
    let index = try lockIndex()
    let found = index.byManifest[version.entry.note] ?? []
    guard !found.isEmpty else {
      if let bad = index.damaged.first { throw .damaged(bad, .otherContent) }
      throw .missing(Place("the lock file of \(record.shown())"))
    }
    var wrong: SHA256Hash?
    for file in found {
      for lock in file.note.locks where lock.carries == .layer(layer) && holds(lock.to) {
        let own: NativeIdentity? =
          switch lock.to {
          case .circle(let address): circles.identity(address)
          case .member: key.identity
          }
        if let own, let identity = LockedKey.open(lock.file, with: own),
          KeyHash.ofRecipient(identity.recipient.text) == version.manifest.layers[layer]?.recipient
        {
          return identity
        }
        wrong = file.file
      }
    }
    if let wrong { throw .damaged(Place(ObjectPlace(.locks, wrong).description), .otherKey) }
    throw .notThisLayer(record, wanted: layer, may: try layers(of: version))
  }
}

extension Session {
  /// Writes an attachment to a new file. Nothing is there under that name before all of it was authenticated and matched
  /// its hash; nothing that is there already is replaced.
  public func write(
    _ attachment: Attachment, of opened: OpenedLayer, to path: PathBytes,
    progress: @escaping @Sendable (UInt64) throws -> Void = { _ in }
  ) throws(VaultError) {
    let place = path.description
    if (try? FileSystem.linkStatus(path)) != nil { throw .outputExists(Place(place)) }
    do {
      let folder = try Directory.open(path.parent)
      let output = try UnnamedOutput(in: folder)
      let descriptor = output.descriptor
      try write(attachment, of: opened, progress: progress) { bytes in try descriptor.write(bytes) }
      try descriptor.sync()
      guard try output.appear(as: path.last) else { throw VaultError.outputExists(Place(place)) }
      try folder.sync()
    } catch let error as SystemError { throw .system(error, at: place) } catch let error as VaultError {
      throw error
    } catch { throw .interrupted }
  }

  private func write(
    _ attachment: Attachment, of opened: OpenedLayer, progress: @escaping @Sendable (UInt64) throws -> Void,
    _ output: @escaping @Sendable (Span<UInt8>) throws -> Void
  ) throws {
    let state = Mutex(Left(length: attachment.length))
    for part in attachment.parts {
      let place = ObjectPlace(.sealed, part)
      let descriptor = try vault.open(place)
      let name = Mutex(SHA256Hasher())
      do {
        try StreamOpener(with: [opened.identity]).run(
          reading: { span in
            try Interruption.check()
            return try descriptor.readFully(into: &span)
          },
          observing: { batch in name.withLock { $0.update(batch) } },
          writing: { batch in
            let count = state.withLock { $0.take(batch) }
            try output(batch.extracting(0..<count))
            try progress(UInt64(count))
          })
      } catch let error as AgeError { throw VaultError.damaged(Place(place.description), .age(error)) }
      guard name.withLock({ $0.finalize() }) == part else {
        throw VaultError.damaged(Place(place.description), .otherContent)
      }
    }
    let (left, hash) = state.withLock { ($0.length, $0.hasher.finalize()) }
    guard left == 0, hash == attachment.content else {
      throw VaultError.damaged(Place(ObjectPlace(.sealed, attachment.parts[0]).description), .commitment)
    }
  }

  /// The true length still to come; what lies behind it is padding.
  private struct Left {
    var length: UInt64
    var hasher = SHA256Hasher()

    init(length: UInt64) { self.length = length }

    mutating func take(_ batch: Span<UInt8>) -> Int {
      let count = Int(min(length, UInt64(batch.count)))
      hasher.update(batch.extracting(0..<count))
      length -= UInt64(count)
      return count
    }
  }
}
