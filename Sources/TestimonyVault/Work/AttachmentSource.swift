public import Platform
import Record
import Sodium

/// A file to be attached, as a stream: opened when its turn comes, read once.
public struct AttachmentSource: Sendable {
  /// The name that is kept: the last component of the path, in its own bytes.
  public let name: PathBytes
  public let place: String
  /// The size where it is known beforehand, for progress; nil for a pipe.
  public let size: UInt64?
  let path: PathBytes?
  /// What exists in memory only.
  private var memory: Descriptor?

  /// A file at a path (links are followed: it is the user's own). Throws where it is not there or is a folder.
  public init(_ path: PathBytes) throws(VaultError) {
    let status: FileStatus
    do {
      status = try FileSystem.status(path)
      // Looked at now, so that a file that cannot be read is told before anything is written.
      if status.kind == .regular || status.kind == .directory { _ = try FileSystem.openForReading(path) }
    } catch { throw .system(error, at: path.description) }
    self.path = path
    self.name = path.last
    self.place = path.description
    self.size = status.kind == .regular ? status.size : nil
  }

  /// Standard input, under a name.
  public init(standardInputNamed name: String) {
    self.path = nil
    self.name = PathBytes(name)
    self.place = "standard input"
    self.size = nil
  }

  /// What exists in memory only, under a name.
  init(memory: Descriptor, named name: PathBytes) {
    self.path = nil
    self.name = name
    self.place = name.description
    self.size = nil
    self.memory = memory
  }

  func open() throws(VaultError) -> Descriptor {
    if let memory { return memory }
    guard let path else {
      do { return try .standardInput() } catch { throw .system(error, at: place) }
    }
    do { return try FileSystem.openForReading(path) } catch { throw .system(error, at: place) }
  }

  /// The name as text, and its bytes where they are not UTF-8.
  var recordedName: (text: String, raw: [UInt8]?) {
    if let text = String(validating: name.bytes, as: UTF8.self) { return (text, nil) }
    return (name.description, name.bytes)
  }
}
