import Sodium

/// How many entries stand behind each one, at least: the longest way back along what it names as its own chain's and as
/// known to its author. What was written within one second is told in this order.
struct CausalDepth {
  private var depths: [SHA256Hash: Int] = [:]

  init(_ entries: [VerifiedEntry]) {
    let byNote = Dictionary(entries.map { ($0.note, $0) }) { first, _ in first }
    for start in entries {
      // Hash links make no circle; a stack instead of calls, since a chain is as long as the vault is old.
      var stack = [start]
      while let one = stack.last {
        let before = Self.named(by: one.entry).compactMap { byNote[$0] }
        let waiting = before.filter { depths[$0.note] == nil }
        guard depths[one.note] == nil, waiting.isEmpty else {
          if depths[one.note] == nil { stack += waiting } else { stack.removeLast() }
          continue
        }
        depths[one.note] = 1 + (before.compactMap { depths[$0.note] }.max() ?? 0)
        stack.removeLast()
      }
    }
  }

  func of(_ one: VerifiedEntry) -> Int { depths[one.note] ?? 0 }

  private static func named(by entry: Entry) -> [SHA256Hash] {
    ChainWalks.links(of: entry).map(\.0.note) + entry.roster + entry.seen
  }
}
