import Platform

extension VaultFolder {
  /// Removes half-written files that an earlier run of this device left behind. The caller holds the device's turn, so
  /// none of them can be in use; other devices' temporary files are left alone.
  func removeLeftovers(tag: String) throws(VaultError) {
    let prefix = Self.temporaryPrefix + Array("\(tag)-".utf8)
    for kind in ObjectKind.allCases {
      guard let folder = try folder(kind) else { continue }
      removeLeftovers(prefix, in: folder)
      for shelf in try names(in: folder, at: kind.rawValue) where shelf.bytes.count == 2 {
        if let inside = try? folder.directory(shelf) { removeLeftovers(prefix, in: inside) }
      }
    }
    removeLeftovers(prefix, in: root)
    if let tree = try subfolder(of: root, TreeFile.folder, at: "tree") { removeLeftovers(prefix, in: tree) }
    guard let folder = try subfolder(of: root, Self.publicName, at: "public") else { return }
    for name in try names(in: folder, at: "public") {
      if let inside = try? folder.directory(name) { removeLeftovers(prefix, in: inside) }
    }
  }

  private func removeLeftovers(_ prefix: [UInt8], in directory: Directory) {
    guard let names = try? directory.names() else { return }
    for name in names where name.bytes.starts(with: prefix) { try? directory.remove(name) }
  }
}
