import Publishing
import Record
import Sodium

/// How far the end of what was replaced has come.
public struct Replaced: Sendable {
  /// How many files were destroyed here.
  public var destroyed = 0
  /// Files that stay until more publishers have signed that they are gone: how many have, and how many must.
  public var awaiting: (files: Int, have: Int, need: Int)?
}

/// The end of what a `relock` or a `reseal` has taken the place of: first a signed `gone` note with enough publishers'
/// signatures, then the files. All of it follows from the log, so whatever run was cut short, the next one goes on.
extension Session {
  /// Signs that the old files of these records are gone, and destroys them where enough publishers have. What another
  /// publisher has signed is signed too where the log bears it out.
  func settleReplaced(of records: Set<ThingID>?) throws(VaultError) -> Replaced {
    let number = try requirePublisher()
    if try Replacements(self, records, tree()).isEmpty { return Replaced() }
    return try write(many: true) { writing in
      let tree = try self.tree()
      let replacements = try Replacements(self, records, tree)
      guard let keys = self.open.keys else { throw VaultError.missing(Place("public/vault")) }
      var settling = Settling(replacements: replacements, tree: tree, keys: keys)
      func stage(_ note: PublicNote) throws(VaultError) {
        let bytes = note.encoded
        try writing.objects.stage(path: [TreeFile.folder], name: TreeFile.gone(bytes: bytes), bytes)
      }
      for one in tree.awaiting where !one.signed.contains(number) && replacements.bearOut(one.gone) {
        try stage(one.note.adding(publisher: number, of: self.note.id, with: self.key.publisher))
        settling.take(one.gone, signatures: one.signed.count + 1)
      }
      for one in tree.awaiting where one.signed.contains(number) {
        settling.take(one.gone, signatures: one.signed.count)
      }
      for gone in try settling.unsigned() {
        try stage(gone.signed(for: self.note.id, publisher: number, with: self.key.publisher))
        settling.take(gone, signatures: 1)
      }
      var replaced = Replaced()
      for one in settling.ended where self.isHere(one.old) && self.isHere(one.new) {
        writing.remove(one.old)
        replaced.destroyed += 1
      }
      let awaiting = settling.awaiting.filter { self.isHere($0.old) }
      if let have = awaiting.map(\.have).min(), let need = awaiting.map(\.need).max() {
        replaced.awaiting = (awaiting.count, have, need)
      }
      return replaced
    }
  }

  /// Whether something that a `reseal` of a record replaced is still here.
  func awaitsEnd(of record: ThingID) throws(VaultError) -> Bool {
    try Replacements(self, [record], tree()).all.contains { $0.value.reason == .erase && isHere($0.key) }
  }

  private func tree() throws(VaultError) -> TreeRecord { try vault.treeListing(of: note, open).record }
}
