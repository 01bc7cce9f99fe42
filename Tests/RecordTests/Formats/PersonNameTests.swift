import Record
import Testing

@Suite struct PersonNameTests {
  @Test(arguments: [
    "ab", "dana", "a-", "x9", "reviewers", "a23456789-123456789-123456789-1", "com", "comx", "com10", "cons",
    "lpt", "nul-1",
  ])
  func takes(text: String) throws {
    #expect(try PersonName(text).text == text)
  }

  @Test(
    arguments: [
      ("", PersonNameError.tooShort), ("a", .tooShort), ("a23456789-123456789-123456789-12", .tooLong),
      ("Dana", .badStart), ("9a", .badStart), ("-a", .badStart), ("-\u{301}a", .badStart), ("éa", .badStart),
      ("daNa", .badCharacter(offset: 2)), ("da na", .badCharacter(offset: 2)),
      ("a.", .badCharacter(offset: 1)),
      ("a/b", .badCharacter(offset: 1)), ("a\\b", .badCharacter(offset: 1)), ("..", .badStart),
      ("a_b", .badCharacter(offset: 1)),
      ("ab\n", .badCharacter(offset: 2)), ("ab\u{0}", .badCharacter(offset: 2)),
      ("abe\u{301}", .badCharacter(offset: 3)),
      ("а-б", .badStart), ("con", .deviceName), ("prn", .deviceName), ("aux", .deviceName),
      ("nul", .deviceName),
      ("com0", .deviceName), ("com1", .deviceName), ("com9", .deviceName), ("lpt1", .deviceName),
      ("lpt9", .deviceName),
    ] as [(String, PersonNameError)])
  func refuses(text: String, error: PersonNameError) {
    #expect(throws: error) { try PersonName(text) }
  }
}
