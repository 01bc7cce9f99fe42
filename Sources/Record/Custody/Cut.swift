import Sodium

/// A point in the log as its author saw it: the `members` entries that were known there, as places in one list.
struct Cut: Hashable, Sendable {
  private var words: [UInt64]

  static let empty = Cut(words: [])

  func contains(_ index: Int) -> Bool {
    index >> 6 < words.count && words[index >> 6] >> UInt64(index & 63) & 1 == 1
  }

  mutating func insert(_ index: Int) {
    while words.count <= index >> 6 { words.append(0) }
    words[index >> 6] |= 1 << UInt64(index & 63)
  }

  func intersection(_ other: Cut) -> Cut {
    var words = zip(words, other.words).map { $0 & $1 }
    // One set has one form.
    while words.last == 0 { words.removeLast() }
    return Cut(words: words)
  }

  mutating func formUnion(_ other: Cut) {
    while words.count < other.words.count { words.append(0) }
    for index in other.words.indices { words[index] |= other.words[index] }
  }
}

/// The `members` entries and what each of them had before it: every entry's `roster` and `back` lead into it (PROTOCOL,
/// entries), and every reader of an entry can follow them.
struct CausalPast: Sendable {
  /// In an order in which each stands behind all that it knew.
  let entries: [VerifiedEntry]
  /// What each of `entries` knew.
  let pasts: [Cut]
  /// Those that name, or rest on, an entry that is not here: what they knew is known in part.
  private let partial: Set<Int>
  private let places: [SHA256Hash: Int]
  /// Everything.
  let all: Cut

  init(_ members: [VerifiedEntry]) {
    let byNote = Dictionary(members.map { ($0.note, $0) }) { first, _ in first }
    var order: [VerifiedEntry] = []
    var places: [SHA256Hash: Int] = [:]
    var pasts: [Cut] = []
    var partial: Set<Int> = []
    // Depth first with a stack of its own: a chain may be long. Hashes cannot lead in a circle.
    for start in members.sorted(by: { $0.note < $1.note }) where places[start.note] == nil {
      var stack = [(start, false)]
      while let (one, isReady) = stack.popLast() {
        if places[one.note] != nil { continue }
        if isReady {
          var past = Cut.empty
          for link in Self.links(of: one.entry) {
            guard let place = places[link] else {
              partial.insert(order.count)
              continue
            }
            if partial.contains(place) { partial.insert(order.count) }
            past.formUnion(pasts[place])
            past.insert(place)
          }
          places[one.note] = order.count
          order.append(one)
          pasts.append(past)
        } else {
          stack.append((one, true))
          for link in Self.links(of: one.entry) where places[link] == nil {
            if let before = byNote[link] { stack.append((before, false)) }
          }
        }
      }
    }
    self.entries = order
    self.places = places
    self.pasts = pasts
    self.partial = partial
    var all = Cut.empty
    for index in order.indices { all.insert(index) }
    self.all = all
  }

  /// The notes that an entry names as known to it: its chain's last to `members`, and others' newest.
  static func links(of entry: Entry) -> [SHA256Hash] {
    (entry.backMembers.map { [$0.note] } ?? []) + entry.roster
  }

  func place(of note: SHA256Hash) -> Int? { places[note] }

  /// Whether one of these entries, or of the `members` entries, names a `members` entry that is not here.
  func lacks(anyNamedBy entries: [VerifiedEntry]) -> Bool {
    !partial.isEmpty || entries.contains { Self.links(of: $0.entry).contains { places[$0] == nil } }
  }

  /// What the author of an entry knew when it was written, the entry itself left out, and whether all of it is here.
  func cut(of entry: Entry, memory: inout [[SHA256Hash]: (cut: Cut, isWhole: Bool)]) -> (cut: Cut, isWhole: Bool) {
    let links = Self.links(of: entry)
    if let known = memory[links] { return known }
    var cut = Cut.empty
    var isWhole = true
    for link in links {
      guard let place = places[link] else {
        isWhole = false
        continue
      }
      if partial.contains(place) { isWhole = false }
      cut.formUnion(pasts[place])
      cut.insert(place)
    }
    memory[links] = (cut, isWhole)
    return (cut, isWhole)
  }
}
