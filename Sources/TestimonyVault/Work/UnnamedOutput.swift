import Platform
import Sodium

/// A file that has no name until its content is whole: the system removes it by itself if the program ends before.
/// Where the file system knows no unnamed files, a hidden name is used, and removed on every way out but a kill.
final class UnnamedOutput {
  let descriptor: Descriptor
  private let folder: Directory
  private var temporary: PathBytes?

  init(in folder: Directory) throws(SystemError) {
    self.folder = folder
    if let unnamed = try folder.createUnnamed() {
      descriptor = unnamed
    } else {
      let name = PathBytes(".testimony-\(Hex.encode(Random.bytes(6)))")
      descriptor = try folder.create(name)
      temporary = name
    }
  }

  deinit { if let temporary { try? folder.remove(temporary) } }

  /// Gives the file its name; false where something of that name is there.
  func appear(as name: PathBytes) throws(SystemError) -> Bool {
    guard let hidden = temporary else { return try folder.link(descriptor, as: name) }
    guard try folder.renameWithoutReplacing(hidden, to: name, in: folder) else { return false }
    temporary = nil
    return true
  }
}
