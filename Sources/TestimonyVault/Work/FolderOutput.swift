public import Platform
public import Record
import Sodium

/// A new folder of files, none of which has a name until all of them are whole. The folder is made first, so that a place
/// where nothing can be made shows before anything is recorded; it goes again where the files do not come about.
public final class FolderOutput {
  /// Writes one file's content.
  public typealias Content = (@escaping @Sendable (Span<UInt8>) throws -> Void) throws -> Void

  private struct File {
    let name: PathBytes
    let content: Content
    /// Nil where the file system has no unnamed files: then nothing is written before it may have a name.
    let output: UnnamedOutput?
  }

  private let path: PathBytes
  private let parent: Directory
  private let folder: Directory
  private let hasUnnamed: Bool
  private var files: [File] = []
  private var named: [PathBytes] = []
  private var isSettled = false

  /// Makes the folder, which must not be there.
  public convenience init(making path: PathBytes) throws(VaultError) { try self.init(making: path, hasUnnamed: true) }

  /// - Parameter hasUnnamed: false for a file system without unnamed files.
  init(making path: PathBytes, hasUnnamed: Bool) throws(VaultError) {
    self.path = path
    self.hasUnnamed = hasUnnamed
    do {
      let parent = try Directory.open(path.parent)
      guard try parent.makeDirectory(path.last, synced: false) else {
        throw VaultError.outputExists(Place(path.description))
      }
      self.parent = parent
      do throws(SystemError) {
        folder = try parent.directory(path.last)
        try parent.sync()
      } catch {
        try? parent.removeDirectory(path.last)
        isSettled = true
        throw error
      }
    } catch let error as SystemError { throw .system(error, at: path.description) } catch { throw VaultError(error) }
  }

  deinit { if !isSettled { remove() } }

  /// Takes one file, of a name that no other one here has. Its content is read to its end now, so that it is known to be
  /// whole, and again later where it cannot be kept without a name.
  public func write(_ name: PathBytes, _ content: @escaping Content) throws(VaultError) {
    try wrapped {
      guard hasUnnamed, let unnamed = try folder.createUnnamed() else {
        try content { _ in }
        return files.append(File(name: name, content: content, output: nil))
      }
      let output = UnnamedOutput(unnamed, in: folder)
      try Self.fill(output, content)
      files.append(File(name: name, content: content, output: output))
    }
  }

  /// Gives the files their names. Where it throws, neither they nor the folder are there.
  public func appear() throws(VaultError) {
    defer { isSettled = true }
    do throws(VaultError) {
      try wrapped {
        for one in files {
          let output = try one.output ?? UnnamedOutput(hiddenIn: folder)
          if one.output == nil { try Self.fill(output, one.content) }
          guard try output.appear(as: one.name) else { throw VaultError.outputExists(Place(path.description)) }
          named.append(one.name)
        }
        try folder.sync()
      }
    } catch {
      remove()
      throw error
    }
  }

  private static func fill(_ output: UnnamedOutput, _ content: Content) throws {
    let descriptor = output.descriptor
    try content { bytes in try descriptor.write(bytes) }
    try descriptor.sync()
  }

  /// What has no name goes by itself.
  private func remove() {
    files = []
    for name in named { try? folder.remove(name) }
    try? parent.removeDirectory(path.last)
    try? parent.sync()
  }

  private func wrapped(_ body: () throws -> Void) throws(VaultError) {
    do { try body() } catch let error as SystemError { throw .system(error, at: path.description) } catch {
      throw VaultError(error)
    }
  }
}

extension Session {
  /// Hands on an attachment of an opened layer. What was handed on counts only when this returns.
  public func hand(
    _ attachment: Attachment, of opened: OpenedLayer, to output: @escaping @Sendable (Span<UInt8>) throws -> Void
  ) throws(VaultError) {
    do { try write(attachment, of: opened.identity, progress: { _ in }, output) } catch { throw VaultError(error) }
  }
}
