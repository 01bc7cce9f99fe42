import Foundation
import Testing

/// The field speaks by catalogue: no sentence of its verbs goes around it.
struct CatalogueTests {
  @Test func noSentenceGoesAroundTheCatalogue() throws {
    let part = #/^Commands\/(?:Field\/|Counsel\/(?:Kit|Intake)|Face\/KitComplaint)/#
    var said = 0
    for file in try ArrowsTests.files() where file.name.contains(part) {
      let text = file.lines.map { $0.components(separatedBy: " // ")[0] }.joined(separator: "\n")
      said += text.matches(of: #/\bMessage\(/#).count
      // A bare command is the same in every language.
      let bare = #/\b(?:out|say|warn|done|next|self\.init)\(\s*"(?!\\\(Program\.name\))/#
      for match in text.matches(of: bare) { Issue.record("\(file.name): \(match.output)") }
      for match in text.matches(of: #/(?:hint|prompt): "[A-Za-z]/#) { Issue.record("\(file.name): \(match.output)") }
    }
    // The pattern still finds what it looks for.
    #expect(said > 100)
  }
}
