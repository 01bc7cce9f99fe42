import Age
public import Platform
import Publishing
public import Record
import Sodium

/// A receipt, sealed to the kit that it is for.
public struct Receipt: Sendable {
  public let file: [UInt8]
  /// The numbers that it names.
  public let numbers: [Int]
  /// How many of them a checkpoint covers.
  public let covered: Int
  /// Whether it brings a newer policy.
  public let bringsPolicy: Bool

  /// What its file is called: nothing in it says for whom it is.
  public var name: String { "\(SHA256Hash(of: file)).age" }

  /// Writes it whole and durably into a folder.
  public func write(into folder: PathBytes) throws(VaultError) {
    do {
      let target = try Directory.open(folder)
      let output = try UnnamedOutput(in: target)
      try output.descriptor.write(file.span)
      // As every sealed file: when counsel answered is nobody's business.
      _ = output.descriptor.setModificationTime(seconds: Commit.time)
      try output.descriptor.sync()
      guard try output.appear(as: PathBytes(name)) else {
        throw VaultError.outputExists(Place(folder.appending(PathBytes(name)).description))
      }
      try target.sync()
    } catch let error as SystemError { throw .system(error, at: folder.description) } catch { throw VaultError(error) }
  }
}

extension Session {
  /// Signs for every drop of a kit that was filed, and tells the kit what changed since it was made. An `intake` entry says
  /// so to counsel.
  public func signReceipt(for kit: Kit) throws(VaultError) -> Receipt {
    try require(.counsel)
    guard let worker = kit.worker else { throw .kit(.noSuchKit(kit.body.kit.handle)) }
    let publisher = try ownPublisher()
    do {
      let drops = try filedDrops(of: kit)
      let covered = try covered(drops)
      let roster = log.roster.policy?.note == worker.policy ? [] : try rosterNotes()
      let receipt = ReceiptNote(
        vault: note.id, kit: kit.body.kit, publisher: publisher, drops: drops, keysNotes: keysTexts, covered: covered,
        roster: roster, time: ClaimedTime(clamping: SystemClock.now()))
      let signed = try receipt.signed(with: key.publisher)
      let file = try AgeFile.seal(signed.encoded.span, to: [NativeRecipient(parsing: worker.receipts)])
      try write { writing in
        let counsel = try self.circle(CircleName.counsel)
        let body = IntakeBody(kit: kit.body.kit, drops: drops.map(\.head), receipt: SHA256Hash(of: file))
        try writing.stage(
          writing.chain.entry(.intake, by: self.key.signing, to: counsel.body, counsel.recipient, body: body.json))
      }
      return Receipt(
        file: file, numbers: drops.map(\.number), covered: covered?.proofs.count ?? 0, bringsPolicy: !roster.isEmpty)
    } catch { throw VaultError(error) }
  }

  /// The drops of a kit that are records of this vault, each once, with a file that a checkpoint names. What is not in the
  /// vault any more is not signed for.
  private func filedDrops(of kit: Kit) throws -> [ReceiptNote.Drop] {
    var drops: Set<ReceiptNote.Drop> = []
    for one in kit.notes where one.standing == .filed {
      guard case .drop(let embedded, let head, _, let number) = one.source else { continue }
      let bytes = try embedded.encoded
      // What stands in the log was verified when it was judged.
      let told = try UnverifiedDrop(parsing: bytes.span).head
      guard let object = told.layers[.testimony]?.object, try isHere(told.objects) else { continue }
      drops.insert(ReceiptNote.Drop(number: number, head: head, object: object))
    }
    return drops.sorted { ($0.number, $0.head) < ($1.number, $1.head) }
  }

  /// Whether sealed files are in this copy of the vault: what is signed for lets the only other copy be removed.
  private func isHere(_ objects: [SHA256Hash]) throws -> Bool {
    for object in objects {
      do throws(VaultError) { _ = try vault.open(ObjectPlace(.sealed, object)) } catch {
        guard case .missing = error else { throw error }
        return false
      }
    }
    return true
  }

  private func covered(_ drops: [ReceiptNote.Drop]) throws(VaultError) -> ReceiptNote.Covered? {
    let record = try vault.treeListing(of: note, open).record
    guard let newest = record.newest else { return nil }
    var proofs: [(head: SHA256Hash, index: Int, path: [SHA256Hash])] = []
    for drop in drops {
      guard let proof = record.tree.proof(of: TreeName(.sealed, drop.object)) else { continue }
      proofs.append((drop.head, proof.index, proof.path))
    }
    return ReceiptNote.Covered(checkpoint: String(decoding: newest.encoded, as: UTF8.self), proofs: proofs)
  }

  /// The members' entries from which the policy in force follows, as they were signed.
  private func rosterNotes() throws(VaultError) -> [EmbeddedNote] {
    var notes: [EmbeddedNote] = []
    for one in log.entries where one.entry.type.makesRoster {
      let place = ObjectPlace(.log, one.file)
      let file = try vault.read(place, atMost: VaultFolder.entryLimit)
      guard let key = circles.identity(one.entry.to) else { continue }
      do {
        let content = try AgeFile.open(file.span, with: [key])
        notes.append(EmbeddedNote(try SealedNote(parsing: content.bytes, as: .entry).note))
      } catch { throw .damaged(Place(place.description), Damage(error)) }
    }
    return notes
  }
}
