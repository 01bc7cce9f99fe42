import Age
import Platform
import Publishing
import Record
import Sodium

/// What a member's index answers by itself, while nothing has come to the vault or gone from it since it was made: no entry
/// is opened. Everything else takes a `Session`.
public struct QuickReading {
  private let index: SealedIndex

  /// Nil where the index does not cover exactly what is here.
  public init?(_ vault: VaultFolder, keys: KeyFolder, key: MemberKey) {
    guard let note = try? vault.vaultNote(), key.vault == nil || key.vault == note.id,
      key.identity.kind.rawValue == note.keys,
      let (seen, remark) = try? SeenMemory.recall(from: keys, for: key, vault: note.id), remark == nil,
      seen.intents.isEmpty, !seen.locks.isEmpty,
      let circles = try? CircleKeys.find(in: vault, for: key, remembered: seen.locks),
      let basis = try? IndexBasis.of(circles, in: vault),
      let index = IndexStore(keys: keys, key: key, vault: note.id).openOrDrop(basis: basis),
      let logNames = try? vault.names(.log), let lockNames = try? vault.names(.locks),
      let log = try? index.logNames(), let locks = try? index.locks(),
      log.lazy.map(\.file).elementsEqual(logNames), locks.lazy.map(\.file).elementsEqual(lockNames)
    else { return nil }
    // What this device has seen is still here: else the vault went back, and a session says so.
    let present = Set(log.lazy.map(\.file))
    guard seen.heads.allSatisfy({ present.contains($0.file) }),
      let open = try? vault.publicListing(of: note, keysOnly: true).record,
      seen.keysNote.map({ open.keysPath.contains($0) }) ?? true,
      TreeLook.isAsRemembered(seen.checkpoint, in: vault, open)
    else { return nil }
    self.index = index
  }

  /// The versions of the records; nil where the index cannot be read.
  public var rows: [IndexRow]? { try? index.rows() }

  /// A search over all texts; nil where some of them are not in the index yet.
  public var search: TextSearch? {
    guard let rows = try? index.rows(), let covered = try? index.covered() else { return nil }
    let isWhole = rows.allSatisfy { row in
      row.layers.allSatisfy { $0 == .identity || covered[row.manifest]?.contains($0) ?? false }
    }
    return isWhole ? TextSearch(.index(index), rows: rows) : nil
  }
}
