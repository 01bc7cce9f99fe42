import Testing

@testable import Commands

struct BackupSheetTests {
  @Test(arguments: [
    ("plain words", "plain words"), ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"), ("&amp;", "&amp;amp;"),
    ("</style><script>", "&lt;/style&gt;&lt;script&gt;"), ("Айгүл", "Айгүл"),
  ])
  func textInThePageIsEscaped(_ text: String, _ expected: String) { #expect(BackupPage.escaped(text) == expected) }

  @Test func linesHaveAtMost76Letters() {
    let text = (1...200).map { String(repeating: "x", count: $0 % 13 + 1) }.joined(separator: " ")
    let lines = BackupText.wrapped(text).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "" && lines.allSatisfy { $0.utf8.count <= 76 })
    #expect(lines.dropLast().joined(separator: " ") == text)
    let long = String(repeating: "y", count: 100)
    #expect(BackupText.wrapped("a \(long) b") == "a\n\(long)\nb\n")
    #expect(BackupText.wrapped("") == "\n")
  }
}
