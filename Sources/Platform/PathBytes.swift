internal import Glibc

/// A path or a file name as the system has it: bytes without a zero, not text.
///
/// Equal means equal bytes: `é` in NFC and in NFD are two names. `description` is safe to print.
public struct PathBytes: Hashable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// From an argument or another text; what `RawArguments` escaped becomes its byte again.
  public init(_ text: String) { self.bytes = EscapedText.bytes(text) }

  public init(stringLiteral value: String) { self.init(value) }

  /// The path as text that `init(_:)` turns back into the same bytes. Not safe to print: that is
  /// `description`.
  public var text: String { EscapedText.text(bytes) }

  /// For people: text with whatever could deceive a terminal or a reader made visible.
  public var description: String { VisibleText.name(bytes) }

  public var isAbsolute: Bool { bytes.first == .slash }

  /// The last component, without trailing slashes; `/` for the root, empty for the empty path.
  public var last: PathBytes {
    let end = trimmedCount
    guard end > 0 else { return PathBytes(bytes: bytes.isEmpty ? [] : [.slash]) }
    let start = bytes[..<end].lastIndex(of: .slash).map { $0 + 1 } ?? 0
    return PathBytes(bytes: Array(bytes[start..<end]))
  }

  /// All before the last component; `.` for a lone name, `/` for the root. Text only: `..` is not resolved.
  public var parent: PathBytes {
    let end = trimmedCount
    guard end > 0 else { return bytes.isEmpty ? "." : "/" }
    guard let slash = bytes[..<end].lastIndex(of: .slash) else { return "." }
    let kept = bytes[..<slash].lastIndex { $0 != .slash }.map { $0 + 1 } ?? 0
    return kept == 0 ? "/" : PathBytes(bytes: Array(bytes[..<kept]))
  }

  /// `self/other`; `other` alone where it is absolute or `self` is empty.
  public func appending(_ other: PathBytes) -> PathBytes {
    if bytes.isEmpty || other.isAbsolute { return other }
    return PathBytes(bytes: bytes + (bytes.last == .slash ? [] : [.slash]) + other.bytes)
  }

  public static func < (a: PathBytes, b: PathBytes) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  private var trimmedCount: Int { bytes.lastIndex { $0 != .slash }.map { $0 + 1 } ?? 0 }

  /// Calls `body` with the zero-terminated path. Refuses (EINVAL) a zero inside, at which the system would
  /// cut the path.
  func withPointer<R>(_ body: (UnsafePointer<CChar>) throws(SystemError) -> R) throws(SystemError) -> R {
    guard !bytes.contains(0) else { throw SystemError(code: EINVAL, call: "path") }
    let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
    return try unsafe terminated.withUnsafeBufferPointer { (buffer) throws(SystemError) -> R in
      guard let start = buffer.baseAddress else { throw SystemError(code: EINVAL, call: "path") }
      return try unsafe body(start)
    }
  }

  /// Calls `body` with one component; refuses (EINVAL) the empty name, `.`, `..` and anything with a slash.
  func withComponent<R>(_ body: (UnsafePointer<CChar>) throws(SystemError) -> R) throws(SystemError) -> R {
    guard !bytes.isEmpty, !bytes.contains(.slash), self != ".", self != ".." else {
      throw SystemError(code: EINVAL, call: "file name")
    }
    return try unsafe withPointer(body)
  }
}

extension UInt8 {
  fileprivate static let slash = UInt8(ascii: "/")
}
