import Publishing
import Record
import Sodium

/// What is signed of the replacements, and by how many.
struct Settling {
  let replacements: Replacements
  let tree: TreeRecord
  let keys: KeysNote
  /// Of the notes that the caller has signed: how many signatures each name has, and how many it needs.
  private var signed: [ObjectPlace: (have: Int, need: Int)] = [:]

  init(replacements: Replacements, tree: TreeRecord, keys: KeysNote) {
    self.replacements = replacements
    self.tree = tree
    self.keys = keys
    for (name, gone) in tree.gone where gone.isEnough { signed[ObjectPlace(name)] = (gone.signatures, gone.need) }
  }

  mutating func take(_ gone: GoneNote, signatures: Int) {
    let need = gone.threshold(under: keys)
    for name in gone.names {
      let place = ObjectPlace(name.old)
      if let there = signed[place], there.have >= there.need { continue }
      signed[place] = (signatures, need)
    }
  }

  /// Notes over what the caller may sign and has not signed yet, none larger than a note can be.
  func unsigned(_ maySign: (Replacements.One) -> Bool) throws(VaultError) -> [GoneNote] {
    var notes: [GoneNote] = []
    for reason in GoneNote.Reason.allCases {
      let names = replacements.all.filter {
        signed[$0.key] == nil && $0.value.claim.reason == reason && maySign($0.value)
      }.map { old, one in
        GoneNote.Name(old.treeName, replacedBy: one.new[0].treeName)
      }.sorted { $0.old < $1.old }
      for start in stride(from: 0, to: names.count, by: Self.most) {
        do { notes.append(try GoneNote(reason, Array(names[start..<min(start + Self.most, names.count)]))) } catch {
          throw .record(error)
        }
      }
    }
    return notes
  }

  /// A line has at most 160 bytes.
  private static let most = 5_000

  /// What may be destroyed, in the order in which it is.
  var ended: [Replacements.One] {
    replacements.all.values.filter { one in
      guard let signed = signed[one.claim.old] else { return false }
      return signed.have >= signed.need
    }.sorted { ($0.rank, $0.claim.old) < ($1.rank, $1.claim.old) }
  }

  var awaiting: [(old: ObjectPlace, have: Int, need: Int)] {
    replacements.all.keys.compactMap { old in
      guard let signed = signed[old], signed.have < signed.need else { return nil }
      return (old, signed.have, signed.need)
    }
  }
}
