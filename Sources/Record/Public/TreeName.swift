public import Sodium

/// The name of one sealed file as the tree and `gone` notes write it: `log/<64 hex>`, without shelf and suffix.
public struct TreeName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The three folders of sealed files: what says, what opens, what holds.
  public enum Folder: String, Sendable, CaseIterable {
    case log, locks, sealed
  }

  public let folder: Folder
  public let hash: SHA256Hash

  public init(_ folder: Folder, _ hash: SHA256Hash) {
    self.folder = folder
    self.hash = hash
  }

  /// Reads the one spelling.
  public init?(parsing text: some Collection<UInt8>) {
    guard text.count > 65 else { return nil }
    let name = String(decoding: text.dropLast(65), as: UTF8.self)
    guard let folder = Folder(rawValue: name), text.dropLast(64).last == UInt8(ascii: "/"),
      let hash = SHA256Hash(hex: text.suffix(64))
    else { return nil }
    self.init(folder, hash)
  }

  public var description: String { "\(folder.rawValue)/\(hash)" }

  /// By the bytes of the name: `locks`, `log`, `sealed`.
  public static func < (left: Self, right: Self) -> Bool {
    if left.folder == right.folder { return left.hash < right.hash }
    return left.folder.rawValue.utf8.lexicographicallyPrecedes(right.folder.rawValue.utf8)
  }
}

/// Reads a `names` file in pieces of any size: one name a line, each line ended by a newline, no name twice.
public struct TreeNames: Sendable {
  public private(set) var names: [TreeName] = []
  private var line: [UInt8] = []
  private let limit: Int

  private static let longest = "sealed/".utf8.count + 64

  /// - Parameter limit: how many names are expected at most.
  public init(atMost limit: Int) { self.limit = limit }

  /// Takes the next piece. Throws at the first line that is no name.
  public mutating func add(_ bytes: Span<UInt8>) throws(RecordError) {
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == newline {
        guard names.count < limit, let name = TreeName(parsing: line) else { throw .field("name") }
        names.append(name)
        line.removeAll(keepingCapacity: true)
      } else {
        guard line.count < Self.longest else { throw .field("name") }
        line.append(byte)
      }
    }
  }

  /// All names, in order.
  public func finish() throws(RecordError) -> [TreeName] {
    guard line.isEmpty else { throw .field("name") }
    return names
  }

  /// The file that holds these names.
  public static func encode(_ names: [TreeName]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(names.count * (longest + 1))
    for name in names {
      bytes += Array(name.description.utf8)
      bytes.append(newline)
    }
    return bytes
  }
}
