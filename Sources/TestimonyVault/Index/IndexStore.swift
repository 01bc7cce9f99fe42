import Age
import Platform
import Record
import Sodium

/// `NAME.index` in `Keys/`: where a member's index lies.
struct IndexStore {
  let keys: KeyFolder
  let key: MemberKey
  let vault: SHA256Hash

  static func fileName(_ person: PersonName) -> PathBytes { PathBytes("\(person.text).index") }

  /// The index, if there is one that counts: this member's own, of this vault, standing on this basis.
  func open(basis: SHA256Hash) throws(IndexFault) -> SealedIndex {
    let descriptor: Descriptor
    do { descriptor = try keys.root.openForReading(Self.fileName(key.name)) } catch { throw IndexFault(error) }
    let file = try IndexFile(descriptor, for: key, vault: vault)
    guard file.basis == basis else { throw .otherBasis }
    return SealedIndex(file, vault: vault)
  }

  /// The same; one that stands on something else, or cannot be read, is removed before anything of it is shown.
  func openOrDrop(basis: SHA256Hash) -> SealedIndex? {
    do { return try open(basis: basis) } catch {
      switch error {
      case .none, .system: break
      case .age, .note, .otherFile, .otherVault, .otherBasis, .layout: drop()
      }
      return nil
    }
  }

  func write(_ contents: IndexContents) throws(VaultError) {
    try keys.write(Self.fileName(key.name), try contents.sealed(for: key), replacing: true)
  }

  /// Removes the index: what it holds may no longer be shown, or it is of no use.
  func drop() { keys.remove(Self.fileName(key.name)) }
}

/// What has come to a folder, and what has gone from it, since an index was made. Names in order.
struct NameChanges: Equatable {
  private(set) var missing: [SHA256Hash] = []
  private(set) var gone: [SHA256Hash] = []

  /// By one walk along both; each is sorted, without a name twice.
  init(known: some Collection<SHA256Hash>, listing: [SHA256Hash]) {
    var known = known.makeIterator()
    var old = known.next()
    for name in listing {
      while let before = old, before < name {
        gone.append(before)
        old = known.next()
      }
      if old == name { old = known.next() } else { missing.append(name) }
    }
    while let rest = old {
      gone.append(rest)
      old = known.next()
    }
  }
}
