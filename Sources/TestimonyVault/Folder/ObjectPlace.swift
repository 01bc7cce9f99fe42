public import Sodium
import Platform
public import Record

/// The three folders of sealed files (DESIGN §4): what says, what opens, what holds.
public enum ObjectKind: String, Sendable, CaseIterable, Hashable {
  case log, locks, sealed

  var folder: PathBytes { PathBytes(rawValue) }
}

/// One sealed file: its folder and the SHA-256 of its bytes, `sealed/7c/7c3f….age`.
public struct ObjectPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let kind: ObjectKind
  public let hash: SHA256Hash

  public init(_ kind: ObjectKind, _ hash: SHA256Hash) {
    self.kind = kind
    self.hash = hash
  }

  var shelf: PathBytes { PathBytes(String(hash.description.prefix(2))) }
  var file: PathBytes { PathBytes(hash.description + Self.suffix) }

  public var description: String { "\(kind.rawValue)/\(hash.description.prefix(2))/\(hash).age" }

  public static func < (left: Self, right: Self) -> Bool {
    (left.kind.rawValue, left.hash) < (right.kind.rawValue, right.hash)
  }

  /// The place of a file that the tree names.
  public init(_ name: TreeName) {
    switch name.folder {
    case .log: self.init(.log, name.hash)
    case .locks: self.init(.locks, name.hash)
    case .sealed: self.init(.sealed, name.hash)
    }
  }

  /// The file's name in the tree.
  public var treeName: TreeName {
    switch kind {
    case .log: TreeName(.log, hash)
    case .locks: TreeName(.locks, hash)
    case .sealed: TreeName(.sealed, hash)
    }
  }

  static let suffix = ".age"

  /// The hash that a file's name states; nil where the name does not have the exact form.
  static func hash(inName name: PathBytes) -> SHA256Hash? {
    let bytes = name.bytes
    guard bytes.count == 64 + suffix.utf8.count, bytes[64...].elementsEqual(suffix.utf8) else { return nil }
    return SHA256Hash(hex: String(decoding: bytes[..<64], as: UTF8.self))
  }
}
