import Record
import Testing

func parseJSON(_ text: String) throws(JSONError) -> JSON {
  let bytes = Array(text.utf8)
  return try JSON(parsing: bytes.span)
}

func printedJSON(_ json: JSON) -> String {
  String(decoding: json.printed(), as: UTF8.self)
}

@Suite struct JSONTests {
  @Test func accessorsGiveWhatIsThereAndNothingElse() {
    let json: JSON = [
      "text": "x", "int": -3, "flag": false, "list": [1, "a"], "none": .null, "object": ["k": 1],
    ]
    #expect(json["text"]?.text == "x")
    #expect(json["int"]?.int == -3)
    #expect(json["flag"]?.flag == false)
    #expect(json["list"]?.list == [1, "a"])
    #expect(json["none"] == .null)
    #expect(json["object"]?["k"]?.int == 1)
    #expect(json["absent"] == nil)
    #expect(json.members?.map(\.key) == ["text", "int", "flag", "list", "none", "object"])
    #expect(json["text"]?.int == nil && json["int"]?.text == nil && json["int"]?.flag == nil)
    #expect(json["int"]?.list == nil && json["list"]?.members == nil && json["text"]?["x"] == nil)
  }

  @Test func stringsAndKeysAreBytes() throws {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    #expect(composed == decomposed)  // Swift's view, and the trap
    #expect(JSON.string(composed) != JSON.string(decomposed))
    let json = try parseJSON(#"{"\#(composed)":1,"\#(decomposed)":2}"#)
    #expect(json[composed] == 1)
    #expect(json[decomposed] == 2)
    #expect(json != JSON.object([decomposed: 1, composed: 2]))
  }

  @Test func orderCounts() {
    #expect(JSON.object(["a": 1, "b": 2]) != JSON.object(["b": 2, "a": 1]))
  }

  @Test(arguments: [
    "1.5", "1e3", "-0", "9223372036854775808", "-9223372036854775809", "0.0", "1E+2", "-1.0e-10",
  ])
  func otherNumbersAreKeptVerbatim(text: String) throws {
    let number = try #require(JSONNumber(text))
    #expect(try parseJSON(text) == .number(number))
    #expect(printedJSON(.number(number)) == text)
  }

  @Test(arguments: ["1", "", " 1.5", "1.5 ", "01.5", "1.", ".5", "+1.5", "nan", "\"1.5\"", "1.5\u{301}"])
  func whatIsNoOtherNumberIsNone(text: String) {
    #expect(JSONNumber(text) == nil)
  }

  @Test func aKeyTwiceIsAProgrammersError() async {
    await #expect(processExitsWith: .failure) {
      var object = JSONObject([("a", 1)])
      object.append("a", 2)
    }
  }
}
