import Record
import Testing

@Suite struct JSONPrinterTests {
  @Test func printsOneLineWithLittleEscaped() {
    let json: JSON = [
      "b": [1, -2, true, .null, [:], []], "a": "\"\\/\n\r\t\u{0}\u{8}\u{1F}\u{7F}é\u{2028}\u{1F54A}",
      "": ["x": "y"],
    ]
    #expect(
      printedJSON(json)
        == #"{"b":[1,-2,true,null,{},[]],"a":"\"\\/\n\r\t\u0000\u0008\u001f"#
        + "\u{7F}é\u{2028}\u{1F54A}" + #"","":{"x":"y"}}"#)
  }

  @Test func whatIsPrintedIsReadAsTheSame() throws {
    var generator = SeededGenerator(seed: 1)
    for round in 0..<3000 {
      let json = value(&generator, depth: 0)
      let bytes = json.printed()
      let read = try JSON(parsing: bytes.span)
      #expect(read == json, "round \(round)")
      #expect(read.printed() == bytes, "round \(round)")
      #expect(!bytes.contains { $0 < 0x20 })
    }
  }

  /// Whatever a byte becomes, what is still read can be printed and read again.
  @Test func whatIsReadIsPrintedAndReadAsTheSame() throws {
    var generator = SeededGenerator(seed: 2)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = value(&generator, depth: 1).printed()
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = Array("\"\\{}[]:,0-1.eEu d8\n\u{E9}".utf8).randomElement(using: &generator) ?? 0
      }
      guard let json = try? JSON(parsing: bytes.span) else { continue }
      read += 1
      let again = json.printed()
      #expect(try JSON(parsing: again.span) == json)
    }
    #expect(read > 1000)
  }

  private func value(_ generator: inout SeededGenerator, depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth < 4 ? 9 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
    case 3: return .integer(Int64.random(in: -9...9, using: &generator))
    case 4:
      let text =
        "\(Int.random(in: -99...99, using: &generator)).\(Int.random(in: 0...999, using: &generator))e-7"
      return JSONNumber(text).map(JSON.number) ?? .null
    case 5: return .string(string(&generator))
    case 6, 7:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in value(&generator, depth: depth + 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let key = string(&generator)
        if object[key] == nil { object.append(key, value(&generator, depth: depth + 1)) }
      }
      return .object(object)
    }
  }

  private func string(_ generator: inout SeededGenerator) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      let bound: UInt32 = [0x20, 0x80, 0x400, 0x11_0000].randomElement(using: &generator) ?? 0x80
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<bound, using: &generator)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
