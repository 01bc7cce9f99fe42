/// Why a text is no name.
public enum PersonNameError: Error, Equatable, Sendable {
  case tooShort
  case tooLong
  /// The first character is not a letter from a to z.
  case badStart
  /// Something other than a to z, 0 to 9 and the dash stands at `offset`, in bytes.
  case badCharacter(offset: Int)
  /// Windows keeps the name for a device: a file of that name cannot be made there.
  case deviceName
}

/// The name of a person, circle or kit: `[a-z][a-z0-9-]{1,30}`, and no Windows device name.
///
/// It becomes a file name, so it is the same on every file system. A display name in any script is another thing.
public struct PersonName: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  /// Refuses all else; nothing is folded or trimmed.
  public init(_ text: String) throws(PersonNameError) {
    let bytes = Array(text.utf8)
    for (offset, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        if offset == 0 { throw .badStart }
      default: throw offset == 0 ? .badStart : .badCharacter(offset: offset)
      }
    }
    guard bytes.count >= 2 else { throw .tooShort }
    guard bytes.count <= 31 else { throw .tooLong }
    guard !Self.isDevice(text) else { throw .deviceName }
    self.text = text
  }

  public var description: String { text }

  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// `text` is ASCII by now. "NAME.key" would be the device as well.
  private static func isDevice(_ text: String) -> Bool {
    if ["con", "prn", "aux", "nul"].contains(text) { return true }
    guard text.utf8.count == 4, text.hasPrefix("com") || text.hasPrefix("lpt") else { return false }
    return text.utf8.last.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }
}
