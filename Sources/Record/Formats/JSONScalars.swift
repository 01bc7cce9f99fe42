/// Strings and numbers.
extension JSONParser {
  mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
    offset += 1
    var text = ""
    var start = offset
    while true {
      let byte = try peek(bytes)
      switch byte {
      case UInt8(ascii: "\""):
        text += try run(start..<offset, bytes)
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        text += try run(start..<offset, bytes)
        text.unicodeScalars.append(try escape(bytes))
        start = offset
      case 0x00..<0x20:
        throw error(.controlCharacter)
      default:
        offset += 1
      }
    }
  }

  /// Bytes without escapes. They begin and end beside ASCII, so they are UTF-8 as the whole is.
  private func run(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(JSONError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw JSONError(offset: range.lowerBound, kind: .notUTF8)
    }
  }

  private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
    let place = offset
    offset += 1
    let letter = try peek(bytes)
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw JSONError(offset: place, kind: .badEscape)
    }
    let first = try codeUnit(bytes, escapeAt: place)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), offset + 1 < bytes.count,
      bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
    else { throw JSONError(offset: place, kind: .loneSurrogate) }
    offset += 2
    let second = try codeUnit(bytes, escapeAt: offset - 2)
    guard UTF16.isTrailSurrogate(second),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw JSONError(offset: place, kind: .loneSurrogate) }
    return scalar
  }

  private mutating func codeUnit(_ bytes: Span<UInt8>, escapeAt place: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch try peek(bytes) {
      case let byte where isDigit(byte): digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte): digit = byte - 87
      case let byte where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte): digit = byte - 55
      default: throw JSONError(offset: place, kind: .badEscape)
      }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }

  mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSON {
    let start = offset
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let firstDigit = offset
    try digits(bytes, from: start)
    guard bytes[firstDigit] != UInt8(ascii: "0") || offset == firstDigit + 1 else {
      throw JSONError(offset: start, kind: .badNumber)
    }
    var isWhole = true
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      isWhole = false
      offset += 1
      try digits(bytes, from: start)
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
        offset += 1
      }
      try digits(bytes, from: start)
    }
    let text = try run(start..<offset, bytes)
    // "-0" equals 0 and would be printed as another number than the one that was signed.
    if isWhole, text != "-0", let integer = Int64(text) { return .integer(integer) }
    return .number(JSONNumber(checked: text))
  }

  private mutating func digits(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) {
    let first = offset
    while offset < bytes.count, isDigit(bytes[offset]) { offset += 1 }
    guard offset > first else { throw JSONError(offset: start, kind: .badNumber) }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
