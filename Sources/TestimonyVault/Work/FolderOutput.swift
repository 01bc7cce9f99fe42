public import Platform
public import Record
import Sodium

/// A new folder of files, none of which has a name until all of them are whole.
public final class FolderOutput {
  private let path: PathBytes
  private let parent: Directory
  private var files: [(name: PathBytes, output: UnnamedOutput)] = []

  /// Makes nothing that can be seen.
  public init(_ path: PathBytes) throws(VaultError) {
    self.path = path
    do { parent = try Directory.open(path.parent) } catch { throw .system(error, at: path.description) }
  }

  /// Writes one file, of a name that no other one here has.
  public func write(_ name: PathBytes, _ body: (@escaping @Sendable (Span<UInt8>) throws -> Void) throws -> Void)
    throws(VaultError)
  {
    do {
      let output = try UnnamedOutput(in: parent)
      let descriptor = output.descriptor
      try body { bytes in try descriptor.write(bytes) }
      try descriptor.sync()
      files.append((name, output))
    } catch let error as SystemError { throw .system(error, at: path.description) } catch { throw VaultError(error) }
  }

  /// Makes the folder, which must not be there, and gives the files their names.
  public func appear() throws(VaultError) {
    do {
      guard try parent.makeDirectory(path.last) else { throw VaultError.outputExists(Place(path.description)) }
      let folder = try parent.directory(path.last)
      for one in files {
        guard try one.output.appear(as: one.name, in: folder) else {
          throw VaultError.outputExists(Place(path.description))
        }
      }
      try folder.sync()
    } catch let error as SystemError { throw .system(error, at: path.description) } catch { throw VaultError(error) }
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
