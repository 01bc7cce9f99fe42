import Platform
import Record
import Sodium

/// What an index stands on: the circle epochs that its owner holds, and what was declared gone. A new epoch (a removal, a
/// rotation) or a new `gone` note (a relock, a reseal, an erasure) makes every earlier index void, before anything of it is
/// shown.
enum IndexBasis {
  static func of(_ circles: CircleKeys, in vault: VaultFolder) throws(VaultError) -> SHA256Hash {
    var gone: [SHA256Hash] = []
    if let folder = try vault.subfolder(of: vault.root, TreeFile.folder, at: "tree") {
      for name in try vault.names(in: folder, at: "tree") {
        if case .gone(let hash)? = TreeFile(name) { gone.append(hash) }
      }
    }
    return IndexContents.basis(epochs: circles.identities.map(\.address), others: gone.sorted())
  }
}
