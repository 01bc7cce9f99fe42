import Publishing
public import Record
public import Sodium

/// How far the end of what was replaced has come.
public struct Replaced: Sendable {
  /// How many files were destroyed here.
  public var destroyed = 0
  /// Files that stay until more publishers have signed that they are gone: how many have, and how many must.
  public var awaiting: (files: Int, have: Int, need: Int)?
  /// What others replaced, and what the caller did not confirm.
  public var others: [ReplacedByOther] = []
  /// Records of which something stays, since what should stand in its place is not proven.
  public var unproven: [(record: ThingID, error: VaultError)] = []
}

/// What somebody else's `relock` or `reseal` has replaced, and what is still here of it.
public struct ReplacedByOther: Sendable {
  public let record: ThingID
  /// The entry's note hash: what a confirmation is for.
  public let entry: SHA256Hash
  public let author: String
  public let isReseal: Bool
  /// How many files are named; of a `reseal` the attachments come on top.
  public let files: Int
  /// Whether the caller's signature is wanted for it.
  public let isUnsigned: Bool
}

/// The end of what a `relock` or a `reseal` has taken the place of: first a signed `gone` note with enough publishers'
/// signatures, then the files. All of it follows from the log, so whatever run was cut short, the next one goes on.
extension Session {
  /// Signs that the old files of these records are gone, and destroys them where enough publishers have: what the caller
  /// replaced, and what others did where the caller confirmed it. What others replaced and enough have signed is
  /// destroyed too; nothing is, and nothing is signed, before what stands in its place is proven.
  ///
  /// - Parameter confirmed: the others' entries that the caller signs for.
  func settleReplaced(of records: Set<ThingID>?, confirmed: Set<SHA256Hash>) throws(VaultError) -> Replaced {
    let number = try requirePublisher()
    if try ReplacementClaims(self, records).all.isEmpty { return Replaced() }
    return try write(many: true) { writing in
      let tree = try self.tree()
      let claims = try ReplacementClaims(self, records)
      let replacements = try Replacements(self, claims, tree)
      guard let keys = self.open.keys else { throw VaultError.missing(Place("public/vault")) }
      func isConfirmed(_ claim: ReplacementClaims.Claim) -> Bool {
        claim.author == self.key.hash || confirmed.contains(claim.entry)
      }
      func maySign(_ one: Replacements.One) -> Bool { one.maySign && isConfirmed(one.claim) }
      var settling = Settling(replacements: replacements, tree: tree, keys: keys)
      func stage(_ note: PublicNote) throws(VaultError) {
        let bytes = note.encoded
        try writing.objects.stage(path: [TreeFile.folder], name: TreeFile.gone(bytes: bytes), bytes)
      }
      for one in tree.awaiting where !one.signed.contains(number) && replacements.bearOut(one.gone, maySign) {
        try stage(one.note.adding(publisher: number, of: self.note.id, with: self.key.publisher))
        settling.take(one.gone, signatures: one.signed.count + 1)
      }
      for one in tree.awaiting where one.signed.contains(number) {
        settling.take(one.gone, signatures: one.signed.count)
      }
      for gone in try settling.unsigned(maySign) {
        try stage(gone.signed(for: self.note.id, publisher: number, with: self.key.publisher))
        settling.take(gone, signatures: 1)
      }
      var replaced = Replaced()
      for one in settling.ended where self.mayDestroy(one.claim, isConfirmed(one.claim)) {
        writing.remove(one.claim.old)
        replaced.destroyed += 1
      }
      let awaiting = settling.awaiting
      if let have = awaiting.map(\.have).min(), let need = awaiting.map(\.need).max() {
        replaced.awaiting = (awaiting.count, have, need)
      }
      replaced.unproven = replacements.unproven
      let left = Set(replacements.unproven.map(\.record))
      let removed = Set(writing.removals)
      replaced.others = self.others(in: claims, tree, number).filter { one in
        !confirmed.contains(one.entry) && !left.contains(one.record)
          && claims.all.contains { $0.entry == one.entry && !removed.contains($0.old) }
      }
      return replaced
    }
  }

  /// What others replaced and is still here, for the caller to confirm.
  public func replacedByOthers(of records: [ThingID]?) throws(VaultError) -> [ReplacedByOther] {
    let number = try requirePublisher()
    return others(in: try ReplacementClaims(self, records.map { Set($0) }), try tree(), number)
  }

  private func others(in claims: ReplacementClaims, _ tree: TreeRecord, _ number: Int) -> [ReplacedByOther] {
    let signed = Set(tree.awaiting.filter { $0.signed.contains(number) }.flatMap { $0.gone.names.map(\.old) })
    let groups = Dictionary(grouping: claims.all.filter { $0.author != key.hash }) { $0.entry }
    return groups.values.compactMap { group in
      guard let first = group.first else { return nil }
      let unsigned = group.contains { claim in
        let name = claim.old.treeName
        return !signed.contains(name) && !(tree.gone[name]?.isEnough ?? false) || !mayDestroy(claim, false)
      }
      return ReplacedByOther(
        record: first.record, entry: first.entry,
        author: log.roster.members[first.author]?.name ?? first.author.description,
        isReseal: first.reason == .erase, files: group.count, isUnsigned: unsigned)
    }.sorted { ($0.record, $0.entry) < ($1.record, $1.entry) }
  }

  /// What a grant names nobody but its owner can open, so that it could be anything: without a confirmation only a grant
  /// of the caller's own is destroyed.
  private func mayDestroy(_ claim: ReplacementClaims.Claim, _ isConfirmed: Bool) -> Bool {
    if isConfirmed { return true }
    if case .grant(_, let author) = claim.kind { return author == key.hash }
    return true
  }

  /// Whether something that a `reseal` of a record replaced is still here.
  func awaitsEnd(of record: ThingID) throws(VaultError) -> Bool {
    try ReplacementClaims(self, [record]).all.contains { $0.reason == .erase }
  }

  private func tree() throws(VaultError) -> TreeRecord { try vault.treeListing(of: note, open).record }
}
