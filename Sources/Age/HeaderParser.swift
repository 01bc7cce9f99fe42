import Sodium

/// Reads a header strictly, on bytes, line by line; knows the line it stands at.
struct HeaderParser {
  static let versionLine = Array("age-encryption.org/v1\n".utf8)
  private static let anyVersion = Array("age-encryption.org/".utf8)
  private static let stanzaMark = Array("-> ".utf8)
  private static let endMark = Array("--- ".utf8)

  /// The first byte not read yet.
  var position: Int
  private var line = 0

  init(position: Int) { self.position = position }

  mutating func parse(_ text: Span<UInt8>) throws(AgeError) -> Header {
    try parseVersion(text)
    var stanzas: [Stanza] = []
    while true {
      let start = position
      let range = try nextLine(text)
      if Self.starts(text.extracting(range), with: Self.stanzaMark) {
        guard stanzas.count < Header.maximumStanzas else { throw .tooManyStanzas }
        stanzas.append(try parseStanza(text, arguments: range))
      } else if Self.starts(text.extracting(range), with: Self.endMark) {
        let encoded = text.extracting(range.lowerBound + Self.endMark.count..<range.upperBound)
        guard !stanzas.isEmpty, let code = Base64.decode(encoded, padded: false), code.count == HMACSHA256.size else {
          throw .malformedHeader(line: line)
        }
        return Header(stanzas: stanzas, code: code, authenticated: text.extracting(0..<start + 3).copy())
      } else {
        throw .malformedHeader(line: line)
      }
    }
  }

  private mutating func parseVersion(_ text: Span<UInt8>) throws(AgeError) {
    guard Self.starts(text, with: Self.versionLine) else {
      throw Self.starts(text, with: Self.anyVersion) ? .unsupportedVersion : .notAgeFile
    }
    position = Self.versionLine.count
    line = 1
  }

  private mutating func parseStanza(_ text: Span<UInt8>, arguments range: Range<Int>) throws(AgeError)
    -> Stanza
  {
    var arguments: [String] = []
    let first = line
    var start = range.lowerBound + Self.stanzaMark.count
    for index in start...range.upperBound {
      if index < range.upperBound, text[index] != UInt8(ascii: " ") {
        guard Stanza.isVisible(text[index]) else { throw .malformedHeader(line: first) }
        continue
      }
      guard index > start else { throw .malformedHeader(line: first) }
      arguments.append(String(decoding: text.extracting(start..<index).copy(), as: UTF8.self))
      start = index + 1
    }
    var encoded: [UInt8] = []
    while true {
      let range = try nextLine(text)
      guard range.count <= Stanza.columns else { throw .malformedHeader(line: line) }
      encoded += text.extracting(range).copy()
      if range.count < Stanza.columns { break }
    }
    guard let body = Base64.decode(encoded.span, padded: false) else { throw .malformedHeader(line: line) }
    return Stanza(type: arguments.removeFirst(), arguments: arguments, body: body)
  }

  /// The next line, without its line feed.
  private mutating func nextLine(_ text: Span<UInt8>) throws(AgeError) -> Range<Int> {
    line += 1
    let start = position
    var index = start
    while true {
      guard index < Header.maximumSize else { throw .headerTooLarge }
      guard index - start <= Header.maximumLine else { throw .headerLineTooLong(line: line) }
      guard index < text.count else { throw .truncatedHeader }
      if text[index] == UInt8(ascii: "\n") { break }
      index += 1
    }
    position = index + 1
    return start..<index
  }

  private static func starts(_ text: Span<UInt8>, with prefix: [UInt8]) -> Bool {
    guard text.count >= prefix.count else { return false }
    for index in prefix.indices where text[index] != prefix[index] { return false }
    return true
  }
}
