import Sodium
import Testing

@testable import Record

/// The order in which the chain tells what was written within one second.
struct CausalDepthTests {
  @Test func whatOthersRestOnComesFirst() throws {
    let story = try LogStory()
    try story.admitCustodians(["asel", "bolat", "cholpon", "daniyar"])
    let first = try story.accepted(2, of: ["asel", "bolat", "cholpon"])
    let second = try story.quorum(2, of: ["daniyar", "asel"], previous: first)
    try story.accept(second, by: ["bolat", "asel", "daniyar"])
    let entries = story.log().entries
    let byNote = Dictionary(uniqueKeysWithValues: entries.map { ($0.note, $0) })
    // In whatever order they arrive.
    for order in [entries, entries.reversed(), entries.shuffled()] {
      let depth = CausalDepth(order)
      var links = 0
      for one in entries {
        for note in ChainWalks.links(of: one.entry).map(\.0.note) + one.entry.roster + one.entry.seen {
          guard let before = byNote[note] else { continue }
          links += 1
          #expect(depth.of(before) < depth.of(one))
        }
      }
      #expect(links > 8)
    }
  }
}
