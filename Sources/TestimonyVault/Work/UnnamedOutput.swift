import Platform
import Sodium

/// A file that has no name until its content is whole: the system removes it by itself if the program ends before.
/// Where the file system knows no unnamed files, a hidden name is used, and removed on every way out but a kill.
final class UnnamedOutput {
  let descriptor: Descriptor
  private let folder: Directory
  private var temporary: PathBytes?

  convenience init(in folder: Directory) throws(SystemError) {
    if let unnamed = try folder.createUnnamed() {
      self.init(unnamed, in: folder)
    } else {
      try self.init(hiddenIn: folder)
    }
  }

  /// - Parameter unnamed: made in this folder.
  init(_ unnamed: Descriptor, in folder: Directory) {
    self.folder = folder
    descriptor = unnamed
  }

  init(hiddenIn folder: Directory) throws(SystemError) {
    self.folder = folder
    let name = Self.hiddenName()
    descriptor = try folder.create(name)
    temporary = name
  }

  /// It may stay on somebody's stick, and does not say whose it is.
  private static func hiddenName() -> PathBytes { PathBytes(".part-\(Hex.encode(Random.bytes(6)))") }

  deinit { if let temporary { try? folder.remove(temporary) } }

  /// Gives the file its name; false where something of that name is there.
  func appear(as name: PathBytes) throws(SystemError) -> Bool {
    if temporary == nil {
      if let linked = try folder.link(descriptor, as: name) { return linked }
      try copy()
    }
    guard let hidden = temporary else { return false }
    guard try folder.renameWithoutReplacing(hidden, to: name) else { return false }
    temporary = nil
    return true
  }

  /// An unnamed file that cannot be named: what it holds, whole and authenticated by now, goes into a hidden one.
  private func copy() throws(SystemError) {
    let name = Self.hiddenName()
    let hidden = try folder.create(name)
    temporary = name
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset: UInt64 = 0
    while true {
      try Interruption.check()
      var span = buffer.mutableSpan
      let count = try descriptor.read(at: offset, into: &span)
      if count == 0 { break }
      try hidden.write(buffer.span.extracting(0..<count))
      offset += UInt64(count)
    }
    try hidden.sync()
  }
}
