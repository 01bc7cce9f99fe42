import Sodium

/// ASCII armor (c2sp.org/age; RFC 7468, section 3, strict): an age file as text.
public enum Armor {
  static let begin = Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)
  static let end = Array("-----END AGE ENCRYPTED FILE-----".utf8)
  /// Columns in a full line, and the bytes it holds.
  static let columns = 64, bytesPerLine = 48

  /// The file as text, with a line feed at its end.
  public static func encode(_ file: Span<UInt8>) -> [UInt8] {
    var text = begin + [UInt8(ascii: "\n")]
    text.reserveCapacity(file.count / bytesPerLine * (columns + 1) + 200)
    var start = 0
    while start < file.count {
      let next = min(start + bytesPerLine, file.count)
      text += Base64.encode(file.extracting(start..<next), padded: true)
      text.append(UInt8(ascii: "\n"))
      start = next
    }
    return text + end + [UInt8(ascii: "\n")]
  }

  /// The file in a text. CRLF line ends are taken, and blank space before and after; nothing else that is not strict.
  public static func decode(_ text: Span<UInt8>) throws(AgeError) -> [UInt8] {
    var file: [UInt8] = []
    file.reserveCapacity(text.count / 4 * 3)
    var decoder = ArmorDecoder()
    try decoder.decode(text, into: &file)
    try decoder.finish(into: &file)
    return file
  }

  /// Whether a file begins as armor does, blank space before it aside: enough to choose the way to open it.
  public static func isArmored(_ prefix: Span<UInt8>) -> Bool {
    var start = 0
    while start < prefix.count, ArmorDecoder.isBlank(prefix[start]) { start += 1 }
    guard prefix.count - start >= begin.count else { return false }
    for index in begin.indices where prefix[start + index] != begin[index] { return false }
    return true
  }
}
