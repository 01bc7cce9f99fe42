import Publishing
import Record
import Sodium

/// What is signed of the replacements, and by how many.
struct Settling {
  struct Ended {
    let old: ObjectPlace
    let new: ObjectPlace
  }

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

  /// Notes over what the caller has not signed yet, none larger than a note can be.
  func unsigned() throws(VaultError) -> [GoneNote] {
    var notes: [GoneNote] = []
    for reason in GoneNote.Reason.allCases {
      let names = replacements.all.filter { signed[$0.key] == nil && $0.value.reason == reason }.map { old, one in
        GoneNote.Name(old.treeName, replacedBy: one.new.treeName)
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

  var ended: [Ended] {
    replacements.all.compactMap { old, one in
      guard let signed = signed[old], signed.have >= signed.need else { return nil }
      return Ended(old: old, new: one.new)
    }
  }

  var awaiting: [(old: ObjectPlace, have: Int, need: Int)] {
    replacements.all.keys.compactMap { old in
      guard let signed = signed[old], signed.have < signed.need else { return nil }
      return (old, signed.have, signed.need)
    }
  }
}
