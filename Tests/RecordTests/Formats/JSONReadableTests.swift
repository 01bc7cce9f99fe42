import Record
import Testing

struct JSONReadableTests {
  /// The limits of the parser and of `isReadable` are one.
  @Test(arguments: [0, 1, JSON.depthLimit - 1, JSON.depthLimit, JSON.depthLimit + 1, 200])
  func agreesWithTheParser(depth: Int) {
    for isArray in [true, false] {
      var value: JSON = 1
      for _ in 0..<depth { value = isArray ? [value] : ["a": value] }
      let printed = value.printed()
      #expect(value.isReadable == ((try? JSON(parsing: printed.span)) != nil))
      #expect(value.isReadable == (depth <= JSON.depthLimit))
    }
  }

  @Test func tooManyValuesAreNotReadable() {
    #expect(JSON.array(Array(repeating: 1, count: JSON.valueLimit - 1)).isReadable)
    #expect(!JSON.array(Array(repeating: 1, count: JSON.valueLimit)).isReadable)
  }
}
