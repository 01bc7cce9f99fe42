import Platform
import Publishing
import Record
import Sodium

/// A look at the checkpoints beside the one that a device remembers: whether it still stands, and whether there is a newer.
struct TreeLook {
  private(set) var newer: SeenMemory.Checkpointed?
  private(set) var wentBack: (was: Int, now: Int)?

  /// The whole tree is read only where its files do not end with the checkpoint that is remembered.
  init(
    _ vault: VaultFolder, _ note: VaultNote, _ open: PublicRecord, remembered: SeenMemory.Checkpointed?
  ) throws(VaultError) {
    if Self.isAsRemembered(remembered, in: vault, open) { return }
    let record: TreeRecord
    do { record = try vault.treeListing(of: note, open).record } catch {
      if case .interrupted = error { throw error }
      // Something else stands where the folder should be: nothing of it is here.
      if let remembered { wentBack = (remembered.number, 0) }
      return
    }
    let now = record.newest?.number ?? 0
    if let remembered {
      let there = remembered.number <= now ? record.checkpoints[remembered.number - 1] : nil
      guard let there, there.size == remembered.size, there.root == remembered.root else {
        wentBack = (remembered.number, now)
        return
      }
    }
    if let newest = record.newest, now > remembered?.number ?? 0 {
      newer = SeenMemory.Checkpointed(number: now, size: newest.size, root: newest.root)
    }
  }

  /// Whether the files of `tree/` end with the checkpoint that is remembered, or there are none and none is.
  static func isAsRemembered(
    _ remembered: SeenMemory.Checkpointed?, in vault: VaultFolder, _ open: PublicRecord
  ) -> Bool {
    guard let folder = try? vault.subfolder(of: vault.root, TreeFile.folder, at: "tree"),
      let names = try? vault.names(in: folder, at: "tree")
    else { return remembered == nil }
    var files: [(number: Int, name: PathBytes)] = []
    for name in names {
      if case .checkpoint(let number, _)? = TreeFile(name) { files.append((number, name)) }
    }
    guard let remembered, let keys = open.keys else { return files.isEmpty && remembered == nil }
    guard files.map(\.number).max() == remembered.number else { return false }
    return files.contains { file in
      guard file.number == remembered.number, let descriptor = try? folder.openForReading(file.name),
        let bytes = try? VaultFolder.contents(of: descriptor, at: "tree", atMost: VaultFolder.checkpointLimit),
        let checkpoint = try? UnverifiedCheckpoint(parsing: bytes.span, vault: open.vault.id).verified(under: keys)
      else { return false }
      return checkpoint.number == remembered.number && checkpoint.size == remembered.size
        && checkpoint.root == remembered.root
    }
  }
}
