extension JSON {
  /// The value in its one spelling: one line, no space, keys in their order, everything literal but `"`, `\` and
  /// control characters below U+0020 (`\n`, `\r`, `\t`, else `\u00` and two lower-case digits).
  ///
  /// What is nested no deeper than `depthLimit` is read back as the same value.
  public func printed() -> [UInt8] {
    var output: [UInt8] = []
    print(into: &output)
    return output
  }

  private func print(into output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let flag): output += (flag ? "true" : "false").utf8
    case .integer(let int): output += String(int).utf8
    case .number(let number): output += number.text.utf8
    case .string(let text): Self.print(text, into: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        element.print(into: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.print(member.key, into: &output)
        output.append(UInt8(ascii: ":"))
        member.value.print(into: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func print(_ text: String, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    var rest = text.utf8[...]
    // What stands for itself goes in runs.
    while let place = rest.firstIndex(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      output += rest[..<place]
      let byte = rest[place]
      rest = rest[rest.index(after: place)...]
      switch byte {
      case UInt8(ascii: "\""): output += #"\""#.utf8
      case UInt8(ascii: "\\"): output += #"\\"#.utf8
      case UInt8(ascii: "\n"): output += #"\n"#.utf8
      case UInt8(ascii: "\r"): output += #"\r"#.utf8
      case UInt8(ascii: "\t"): output += #"\t"#.utf8
      default:
        output += #"\u00"#.utf8
        output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        output.append(Array("0123456789abcdef".utf8)[Int(byte & 0x0F)])
      }
    }
    output += rest
    output.append(UInt8(ascii: "\""))
  }
}
