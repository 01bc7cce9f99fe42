import Record
import Testing

@Suite struct JSONParserTests {
  @Test(
    arguments: [
      ("null", .null), (" true ", true), ("\t\r\nfalse\n", false), ("0", 0), ("-1", -1),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("\"\"", ""), ("[]", []), ("[ ]", []), ("{ }", [:]), ("[1 , 2]", [1, 2]),
      (#"{ "a" : [ { } ] }  "#, ["a": [[:]]]),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u00E9\u0000""#, "A\u{E9}\u{E9}\u{0}"),
      (#""\ud83d\udd4A""#, "\u{1F54A}"), ("\"\u{7F}\u{2028}é\u{10FFFF}\"", "\u{7F}\u{2028}é\u{10FFFF}"),
      (#""\ufeff""#, "\u{FEFF}"),
    ] as [(String, JSON)])
  func reads(text: String, json: JSON) throws {
    #expect(try parseJSON(text) == json)
  }

  @Test(
    arguments: [
      ("", 0, .unexpectedEnd), ("  ", 2, .unexpectedEnd), ("[", 1, .unexpectedEnd),
      ("{\"a\"", 4, .unexpectedEnd), ("\"a", 2, .unexpectedEnd), ("[1,", 3, .unexpectedEnd),
      ("nul", 3, .unexpectedEnd),
      ("nule", 3, .unexpectedByte), ("True", 0, .unexpectedByte), ("NaN", 0, .unexpectedByte),
      ("'a'", 0, .unexpectedByte),
      ("[1,]", 3, .unexpectedByte), ("[,1]", 1, .unexpectedByte), ("[1 2]", 3, .unexpectedByte),
      ("{\"a\":1,}", 7, .unexpectedByte), ("{a:1}", 1, .unexpectedByte), ("{\"a\" 1}", 5, .unexpectedByte),
      ("{1:1}", 1, .unexpectedByte), ("[1}", 2, .unexpectedByte), ("\u{FEFF}1", 0, .unexpectedByte),
      ("\u{A0}1", 0, .unexpectedByte),
      ("\u{0B}1", 0, .unexpectedByte), ("/**/1", 0, .unexpectedByte), ("+1", 0, .unexpectedByte),
      (".5", 0, .unexpectedByte),
      ("1 1", 2, .trailingBytes), ("{}x", 2, .trailingBytes), ("null\u{0}", 4, .trailingBytes),
      ("1//", 1, .trailingBytes),
      ("01", 0, .badNumber), ("-", 0, .badNumber), ("-01", 0, .badNumber), ("1.", 0, .badNumber),
      ("1.e1", 0, .badNumber),
      ("1e", 0, .badNumber), ("1e+", 0, .badNumber), ("00", 0, .badNumber), ("0x1", 1, .trailingBytes),
      ("-a", 0, .badNumber),
      (#""\x41""#, 1, .badEscape), (#""\u12g4""#, 1, .badEscape), (#""\U0041""#, 1, .badEscape),
      (#""\u+041""#, 1, .badEscape),
      (#""\u004"#, 6, .unexpectedEnd), (#""\"#, 2, .unexpectedEnd), (#""\u00""#, 1, .badEscape),
      (#""\ud83d""#, 1, .loneSurrogate), (#""\udd4a""#, 1, .loneSurrogate),
      (#""\ud83dx""#, 1, .loneSurrogate),
      (#""\ud83d\n""#, 1, .loneSurrogate), (#""\ud83d\ud83d""#, 1, .loneSurrogate),
      (#""\ud83d\u0041""#, 1, .loneSurrogate),
      (#""\udd4a\ud83d""#, 1, .loneSurrogate),
      ("\"\n\"", 1, .controlCharacter), ("\"a\u{0}\"", 2, .controlCharacter),
      ("\"\t\"", 1, .controlCharacter),
      (#"{"a":1,"a":2}"#, 7, .repeatedKey), (#"{"a":1,"\u0061":2}"#, 7, .repeatedKey),
      (#"{"":1,"":1}"#, 6, .repeatedKey),
      (#"[{"a":{"b":1,"b":1}}]"#, 13, .repeatedKey),
    ] as [(String, Int, JSONError.Kind)])
  func refuses(text: String, offset: Int, kind: JSONError.Kind) {
    do throws(JSONError) {
      _ = try parseJSON(text)
      Issue.record("read")
    } catch {
      #expect(error.offset == offset)
      #expect(error.kind == kind)
    }
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xE2, 0x82, 0x22],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    do throws(JSONError) {
      _ = try JSON(parsing: bytes.span)
      Issue.record("read")
    } catch {
      #expect(error.offset == 1)
      #expect(error.kind == .notUTF8)
    }
  }

  @Test func nestsSixtyFourDeepAndNotSixtyFive() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    func objects(_ depth: Int) -> String {
      String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
    }
    _ = try parseJSON(nested(64))
    _ = try parseJSON(objects(64))
    #expect { try parseJSON(nested(65)) } throws: { ($0 as? JSONError)?.kind == .tooDeep }
    #expect { try parseJSON(objects(65)) } throws: { ($0 as? JSONError)?.kind == .tooDeep }
    #expect { try parseJSON(String(repeating: "[", count: 1_000_000)) } throws: {
      ($0 as? JSONError)?.kind == .tooDeep
    }
  }

  @Test func refusesMoreValuesThanMemoryShouldHold() {
    let many = "[" + String(repeating: "1,", count: JSON.valueLimit) + "1]"
    #expect { try parseJSON(many) } throws: { ($0 as? JSONError)?.kind == .tooManyValues }
  }

  /// A hostile object of many keys takes time in proportion, not in its square.
  @Test(.timeLimit(.minutes(1))) func readsManyKeys() throws {
    let members = (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",")
    #expect(try parseJSON("{\(members)}").members?.count == 100_000)
  }
}
