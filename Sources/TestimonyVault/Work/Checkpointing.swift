import Platform
import Publishing
public import Record
import Sodium
import Synchronization

/// Issuing checkpoints: the registrar's signed line over the names of all files (DESIGN §5).
public enum Checkpointing {
  public struct Outcome: Sendable {
    /// The one that was signed, or the newest that is here where there is nothing to add; nil where nothing was ever
    /// signed, and this is a rehearsal.
    public let checkpoint: VaultCheckpoint?
    /// How many names it adds; 0: nothing was signed.
    public let added: Int
    /// What the checkpoints cover, is not here, and is not gone on enough publishers' word.
    public let missing: [ObjectPlace]
    /// New files that are not what their name says: a checkpoint does not cover them.
    public let damaged: [ObjectPlace]
  }

  /// What the next checkpoint would say.
  struct Plan {
    var tree: NameTree
    let newest: VaultCheckpoint?
    var added: [TreeName] = []
    /// Whether `added` is what a run that was cut short had put there, and another checkpoint is due for the rest.
    var takesUp = false
    /// Whether names lie there that no checkpoint asks for.
    var hasOtherNames = false
    var missing: [ObjectPlace] = []
    var damaged: [ObjectPlace] = []
  }

  /// As many names as a file of them holds.
  static let most = VaultFolder.namesLimit / ("sealed/".utf8.count + 65)
}

extension Session {
  /// Whether this person's key file holds the key whose checkpoints count now.
  public var isRegistrar: Bool { open.keys?.registrar == key.registrar.verifyingKey }

  /// Signs a checkpoint over all names that are here and in no checkpoint yet, in their order. That the tree before is
  /// a beginning of the new one is proven first. Where there is nothing to add, nothing is signed.
  /// Names that a run which was cut short left without their checkpoint get it first; then the rest gets one.
  /// - Parameter rehearsing: nothing is signed or written.
  public func checkpoint(rehearsing: Bool = false) throws(VaultError) -> Checkpointing.Outcome {
    guard isRegistrar else { throw .needsRegistrar }
    if rehearsing {
      let plan = try planCheckpoint()
      return Checkpointing.Outcome(
        checkpoint: plan.newest, added: plan.added.count, missing: plan.missing, damaged: plan.damaged)
    }
    var added = 0
    while true {
      let (plan, outcome) = try signCheckpoint(after: added)
      added = outcome.added
      if plan.takesUp { continue }
      if plan.hasOtherNames { vault.removeTreeNames(try vault.treeListing(of: note, open).superfluous) }
      return outcome
    }
  }

  /// - Parameter added: how many names this run's checkpoints before it have added.
  private func signCheckpoint(after added: Int) throws(VaultError) -> (Checkpointing.Plan, Checkpointing.Outcome) {
    try write { writing in
      guard self.isRegistrar else { throw VaultError.needsRegistrar }
      let plan = try self.planCheckpoint(takingUp: true)
      if plan.added.isEmpty {
        let outcome = Checkpointing.Outcome(
          checkpoint: plan.newest, added: added, missing: plan.missing, damaged: plan.damaged)
        return (plan, outcome)
      }
      let checkpoint = try VaultCheckpoint(
        of: plan.tree, after: plan.newest, vault: self.note.id, with: self.key.registrar)
      let names = TreeNames.encode(plan.added)
      // The names first: a checkpoint without them could not be checked.
      try writing.objects.stage(
        path: [TreeFile.folder], name: TreeFile.names(number: checkpoint.number, bytes: names), names)
      try writing.entries.stage(
        path: [TreeFile.folder], name: TreeFile.checkpoint(number: checkpoint.number, bytes: checkpoint.encoded),
        checkpoint.encoded)
      writing.chain.seen.checkpoint = SeenMemory.Checkpointed(
        number: checkpoint.number, size: checkpoint.size, root: checkpoint.root)
      let outcome = Checkpointing.Outcome(
        checkpoint: checkpoint, added: added + plan.added.count, missing: plan.missing, damaged: plan.damaged)
      return (plan, outcome)
    }
  }

  /// - Parameter takingUp: whether names that wait for their checkpoint get it first, with nothing added to them: it is the
  ///   same in every byte as the one that was being signed, and that may have been carried away.
  private func planCheckpoint(takingUp: Bool = false) throws(VaultError) -> Checkpointing.Plan {
    try requireAllRead(below: PublicName.vaultFolder)
    guard !open.keysAreUnclear else { throw .missing(Place("public/vault")) }
    let listing = try vault.treeListing(of: note, open)
    try checkMemory(listing.record)
    if let place = listing.unclear { throw .checkpointsUnclear(place) }
    let tree = listing.record
    var plan = Checkpointing.Plan(tree: tree.tree, newest: tree.newest)
    var present: Set<TreeName> = []
    for kind in ObjectKind.allCases { present.formUnion(try vault.list(kind).objects.map(\.treeName)) }
    plan.missing = tree.names.filter { name in
      switch tree.state(of: name, isHere: present.contains(name)) {
      case .here, .gone: false
      case .claimed, .notHere: true
      }
    }.map { ObjectPlace($0) }
    let new = Array(present.filter { !tree.tree.contains($0) }.sorted().prefix(Checkpointing.most))
    plan.damaged = try damaged(among: new)
    let bad = Set(plan.damaged.map(\.treeName))
    plan.added = new.filter { !bad.contains($0) }
    plan.hasOtherNames =
      !listing.waiting.isEmpty || !listing.superfluous.isEmpty
      || listing.record.faults.contains { $0.fault == .otherNames }
    if takingUp, let waiting = try waitingNames(in: listing, among: Set(plan.added)) {
      plan.takesUp = waiting.count < plan.added.count
      plan.added = waiting
    }
    for name in plan.added where !plan.tree.append(name) { throw .checkpointsUnclear(Place("tree")) }
    if let newest = plan.newest, !plan.tree.extends((newest.size, newest.root)) {
      throw .checkpointsUnclear(Place("tree"))
    }
    return plan
  }

  /// Names that wait for their checkpoint, if they could be this registrar's: each is new, here and whole, in order.
  private func waitingNames(in listing: TreeListing, among new: Set<TreeName>) throws(VaultError) -> [TreeName]? {
    for file in listing.waiting {
      guard let names = try vault.treeNames(file), !names.isEmpty, names.allSatisfy(new.contains) else { continue }
      if zip(names, names.dropFirst()).allSatisfy({ $0 < $1 }) { return names }
    }
    return nil
  }

  /// What this device signed is not taken back: it must stand in the path of the checkpoints.
  private func checkMemory(_ tree: TreeRecord) throws(VaultError) {
    guard let signed = seen.checkpoint else { return }
    let there = signed.number <= tree.checkpoints.count ? tree.checkpoints[signed.number - 1] : nil
    guard let there, there.size == signed.size, there.root == signed.root, tree.tree.extends((signed.size, signed.root))
    else { throw .checkpointsWentBack(was: signed.number, now: tree.newest?.number ?? 0) }
  }

  /// The files among `names` that are not what their name says.
  private func damaged(among names: [TreeName]) throws(VaultError) -> [ObjectPlace] {
    let vault = vault
    let found = Mutex<[ObjectPlace]>([])
    do {
      try Parallel.forEach(0..<names.count) { index in
        try Interruption.check()
        let place = ObjectPlace(names[index])
        let isGood = (try? FileHash.of(vault.open(place))) == place.hash
        try Interruption.check()
        if !isGood { found.withLock { $0.append(place) } }
      }
    } catch { throw VaultError(error) }
    return found.withLock { $0.sorted() }
  }
}
