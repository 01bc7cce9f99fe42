import Age
import Platform
import Publishing
import Record
import Sodium
import Transparency

/// What a receipt changed on a field device.
public struct ReceiptOutcome: Sendable {
  public let publisher: Int
  /// The numbers that it names, of those that this device has.
  public let numbers: [Int]
  /// Named by it, and not what this device sealed under that number.
  public let others: [Int]
  public let newCounsel: Bool
  public let newPolicy: Bool
}

extension FieldKit {
  /// Whether a file is sealed to this kit: others lie about on a stick.
  public func isForThisKit(_ file: [UInt8]) -> Bool { (try? AgeFile.open(file.span, with: [key.identity])) != nil }

  /// Takes a receipt: every signature along the founder's is checked, and nothing is taken from one that goes back.
  public func take(receipt file: [UInt8], at place: String) throws(VaultError) -> ReceiptOutcome {
    let place = Place(place)
    let (receipt, opened) = try verified(file, place)
    guard let keys = opened.keys else { throw .kit(.foreignReceipt(place)) }
    // The path may only grow behind the note that this device knows.
    guard let known = open.keysHash, opened.keysPath.contains(known) else { throw .kit(.receiptWentBack(place)) }
    let quorum = try newerQuorum(receipt, opened, place)
    let covered = Self.covered(receipt, keys, vault.id)
    return try write { list, _ in
      var (numbers, others): ([Int], [Int]) = ([], [])
      for drop in receipt.drops {
        guard let index = list.drops.firstIndex(where: { $0.head == drop.head && $0.number == drop.number }) else {
          others.append(drop.number)
          continue
        }
        // What a receipt says of the object must be this drop's.
        list.drops[index].receipts.insert(receipt.publisher)
        if covered.contains(drop.head), list.drops[index].files.contains(drop.object) {
          list.drops[index].isCovered = true
        }
        numbers.append(drop.number)
      }
      let newCounsel = keys.counsel != self.open.keys?.counsel
      let isNewer = opened.path.count > self.open.path.count
      if isNewer { list.keysNotes = receipt.keysNotes }
      if let quorum { list.quorum = quorum }
      list.heard = max(list.heard ?? receipt.time, receipt.time)
      return ReceiptOutcome(
        publisher: receipt.publisher, numbers: numbers, others: others, newCounsel: isNewer && newCounsel,
        newPolicy: quorum != nil)
    }
  }

  private func verified(_ file: [UInt8], _ place: Place) throws(VaultError) -> (ReceiptNote, PublicRecord) {
    do {
      let content = try AgeFile.open(file.span, with: [key.identity])
      let sealed = try SealedNote(parsing: content.bytes, as: .receipt)
      let receipt = try ReceiptNote(sealed.body)
      let opened = Self.open(vault, receipt.keysNotes)
      guard receipt.vault == vault.id, receipt.kit == key.hash, opened.path.count == receipt.keysNotes.count,
        let publisher = opened.keys?.publishers[receipt.publisher]
      else { throw VaultError.kit(.foreignReceipt(place)) }
      _ = try sealed.verified(as: KeyName.publisher(receipt.publisher, of: vault.id), by: publisher)
      return (receipt, opened)
    } catch { throw .kit(.foreignReceipt(place)) }
  }

  /// The heads whose object a good checkpoint covers.
  private static func covered(_ receipt: ReceiptNote, _ keys: KeysNote, _ vault: SHA256Hash) -> Set<SHA256Hash> {
    guard let covered = receipt.covered,
      let checkpoint = try? UnverifiedCheckpoint(parsing: Array(covered.checkpoint.utf8).span, vault: vault)
        .verified(under: keys)
    else { return [] }
    var heads: Set<SHA256Hash> = []
    for proof in covered.proofs {
      guard let drop = receipt.drops.first(where: { $0.head == proof.head }) else { continue }
      let leaf = MerkleTree.leafHash(Array(TreeName(.sealed, drop.object).description.utf8))
      if MerkleTree.includes(
        leaf: leaf, at: proof.index, proof: proof.path, size: checkpoint.size, root: checkpoint.root)
      {
        heads.insert(proof.head)
      }
    }
    return heads
  }

  /// The policy that follows from the entries in a receipt, where it leads on from the one that this kit has; nil where
  /// there is nothing new. Judged as any member judges the log.
  private func newerQuorum(_ receipt: ReceiptNote, _ opened: PublicRecord, _ place: Place) throws(VaultError)
    -> KitNote.Quorum?
  {
    if receipt.roster.isEmpty { return nil }
    do {
      var entries: [UnverifiedEntry] = []
      for embedded in receipt.roster {
        let bytes = try embedded.encoded
        let sealed = try SealedNote(parsing: bytes.span, as: .entry)
        let entry = try Entry(sealed.body)
        entries.append(UnverifiedEntry(file: SHA256Hash(of: bytes), openedBy: entry.to, sealed: sealed))
      }
      let roster = CustodyLog(vault: vault, founders: opened.founders, entries: entries).roster
      guard let policy = roster.policy, policy.note != quorum.policy else { return nil }
      guard roster.policyPath.contains(quorum.policy), roster.contestedPolicies.isEmpty else {
        throw VaultError.kit(.receiptWentBack(place))
      }
      return try KitNote.Quorum(
        policy: policy.note, threshold: policy.body.threshold,
        recipients: policy.body.custodians.map { key in
          roster.members[key].flatMap { $0.isActive ? $0.admission.card.recipient : nil }
        })
    } catch let error as VaultError { throw error } catch { throw .kit(.foreignReceipt(place)) }
  }

  /// Removes the files of drops that are safe, and what an interrupted note had sealed (`unfinished`, in bytes of content).
  /// Says which were; what cannot be removed is said.
  public func clean() throws(VaultError) -> (removed: [Outbox.Drop], left: Int, unfinished: UInt64) {
    try write { list, _ in
      let unfinished = list.unfinished
      if let unfinished { self.remove(unfinished.objects) }
      list.unfinished = nil
      var removed: [Outbox.Drop] = []
      var left = 0
      for index in list.drops.indices
      where !list.drops[index].isCleaned && list.drops[index].isSafe(under: self.note.rule) {
        let drop = list.drops[index]
        // The head first: without it nobody can read what is left.
        let still = self.files.remove(([drop.file] + drop.files).map { ObjectPlace(.sealed, $0) })
        left += still.count
        if still.isEmpty {
          list.drops[index].isCleaned = true
          removed.append(drop)
        }
      }
      return (removed, left, unfinished?.length ?? 0)
    }
  }
}
