import Publishing
public import Record
import Sodium

extension Session {
  /// The member who could become the registrar.
  public func checkHandover(to name: String) throws(VaultError) -> Roster.Member {
    guard isFounder else { throw .needsFounder }
    let member = try member(name)
    guard member.holds(.counsel) else { throw .notCounsel(name) }
    let (keys, _) = try newestKeys()
    if keys.registrar == member.admission.card.registrar { throw .isRegistrar(name) }
    return member
  }

  /// How many checkpoints hold before two that contradict each other, which a handover would set aside; nil where there is
  /// no such fork.
  public func checkpointsBeforeFork() throws(VaultError) -> Int? {
    let listing = try vault.treeListing(of: note, open)
    return listing.endsInFork ? listing.record.checkpoints.count : nil
  }

  /// Hands the registrar's place to a counsel's key: in public, with the checkpoint up to which the former one counts,
  /// and for the members.
  /// - Returns: how many names that checkpoint covers.
  public func handOver(to name: String) throws(VaultError) -> Int {
    _ = try checkHandover(to: name)
    return try write { writing in
      let member = try self.checkHandover(to: name)
      let listing = try self.vault.treeListing(of: self.note, self.open)
      if let place = listing.unclear, !listing.endsInFork { throw VaultError.checkpointsUnclear(place) }
      let tree = listing.record.tree
      let registrar = member.admission.card.registrar
      let keys = try self.stageKeys(in: writing) { $0.handOver(registrar: registrar, at: tree.size, root: tree.root) }
      guard let keys else { throw VaultError.isRegistrar(name) }
      let members = try self.newestHeld(CircleName.members)
      let body = HandoverBody(member: member.key, registrar: registrar, keys: keys)
      try writing.stage(
        writing.chain.entry(
          .handover, by: self.key.founder, to: members.body, members.recipient, body: body.json))
      return tree.size
    }
  }
}
