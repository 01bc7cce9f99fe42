/// What a person hands in for one layer: a filled form, strict JSON, or just a text.
public enum Form {
  public enum Failure: Error, Equatable, Sendable {
    /// Not UTF-8 text: a document or picture belongs among the attachments.
    case notText
    case json(JSONError)
    case notAnObject
    /// A form of another kind: an identity handed in as a summary must not pass.
    case otherForm(FormKind)
    /// A line of a form that is neither `name: value`, nor a comment, nor empty; lines count from 1.
    case line(Int)
    case empty
  }

  /// The fields as JSON: empty ones left out, a name that stands several times becomes a list, unknown ones kept.
  public static func parse(_ bytes: Span<UInt8>, as kind: FormKind) throws(Failure) -> JSON {
    var input = bytes
    if input.count >= 3, input[0] == 0xef, input[1] == 0xbb, input[2] == 0xbf {
      input = input.extracting(3..<input.count)
    }
    let copy = (0..<input.count).map { input[$0] }
    guard let text = String(validating: copy, as: UTF8.self), !copy.contains(0) else { throw .notText }
    guard let first = copy.first(where: { !isBlank($0) }) else { throw .empty }
    if first == UInt8(ascii: "{") { return try json(input, as: kind) }
    let firstLine = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    guard let marked = FormKind.allCases.first(where: { firstLine.hasBytePrefix($0.marker) }) else {
      return [kind.textName: .string(text)]
    }
    guard marked == kind else { throw .otherForm(marked) }
    return try form(copy, as: kind)
  }

  private static func json(_ bytes: Span<UInt8>, as kind: FormKind) throws(Failure) -> JSON {
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch { throw .json(error) }
    guard json.members != nil else { throw .notAnObject }
    if let name = json["form"]?.text, let marked = FormKind(rawValue: name), marked != kind { throw .otherForm(marked) }
    return json
  }

  private static func form(_ bytes: [UInt8], as kind: FormKind) throws(Failure) -> JSON {
    // In the order of their first appearance.
    var values: [(name: String, values: [JSON])] = []
    var lines = bytes.split(separator: newline, omittingEmptySubsequences: false)[...]
    var number = 0
    while let line = lines.popFirst() {
      number += 1
      let text = trimmed(line)
      if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
      if text.starts(with: "--- ".utf8) {
        let name = decode(text.dropFirst(4))
        guard isName(name) else { throw .line(number) }
        var block: [ArraySlice<UInt8>] = []
        // The form's own text goes to the end, whatever stands in it; another block ends where the next begins.
        let toTheEnd = name.utf8.elementsEqual(kind.textName.utf8)
        while let next = lines.first, toTheEnd || !next.starts(with: "--- ".utf8) {
          block.append(lines.removeFirst())
          number += 1
        }
        let body = trimmed(Array(block.joined(separator: [newline]))[...])
        if !body.isEmpty { add(.string(decode(body)), to: &values, named: name) }
        continue
      }
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { throw .line(number) }
      let name = decode(text[..<colon])
      guard isName(name) else { throw .line(number) }
      let value = trimmed(text[(colon + 1)...])
      if !value.isEmpty { add(.string(decode(value)), to: &values, named: name) }
    }
    guard !values.isEmpty else { throw .empty }
    return .object(JSONObject(values.map { ($0.name, $0.values.count == 1 ? $0.values[0] : .array($0.values)) }))
  }

  private static func add(_ value: JSON, to values: inout [(name: String, values: [JSON])], named name: String) {
    if let index = values.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      values[index].values.append(value)
    } else {
      values.append((name, [value]))
    }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64 && !name.utf8.contains(where: isBlank)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let first = line.first, isBlank(first) { line.removeFirst() }
    while let last = line.last, isBlank(last) { line.removeLast() }
    return line
  }

  private static func decode(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension String {
  fileprivate func hasBytePrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
