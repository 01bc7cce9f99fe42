import Record

extension JSON {
  /// One line of JSON in which nothing can speak to a terminal: control, direction and invisible characters, which the
  /// words of other people may hold, are written as escapes. It reads back as the same value.
  var shown: String {
    let bytes = printed()
    let text = String(decoding: bytes, as: UTF8.self)
    // Plain ASCII speaks to nobody, and lists of thousands are that: one look instead of a copy of each letter.
    if bytes.allSatisfy({ $0 < 0x7f }) { return text }
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x7f...0x9f, 0xad, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff:
        let hex = String(scalar.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}
