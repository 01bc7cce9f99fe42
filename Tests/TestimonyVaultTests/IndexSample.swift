import Record
import Sodium

@testable import TestimonyVault

/// Contents of an index as chance would have them.
struct IndexSample {
  var random: SeededGenerator
  let vault: SHA256Hash

  init(seed: UInt64, vault: SHA256Hash) {
    random = SeededGenerator(seed: seed)
    self.vault = vault
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }

  mutating func hash() -> SHA256Hash { SHA256Hash(of: bytes(8)) }

  mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

  mutating func hashes(upTo count: Int) -> [SHA256Hash] {
    let count = Int.random(in: 0...count, using: &random)
    return (0..<count).map { _ in hash() }
  }

  mutating func link() -> Entry.Link {
    Entry.Link(seq: Int64.random(in: 1...Int64.max, using: &random), note: hash(), file: hash())
  }

  mutating func address() -> Entry.Address {
    Entry.Address(circle: pick(["members", "reviewers", "", String(repeating: "ئ", count: 300)]), epoch: hash())
  }

  mutating func entry() -> IndexedEntry {
    let seq = Bool.random(using: &random) ? 1 : Int64.random(in: 2...Int64.max, using: &random)
    let prev = seq > 1 && Bool.random(using: &random) ? (link: link(), to: address()) : nil
    let author = hash()
    let entry = Entry(
      vault: vault, type: EntryType(word: pick(["seal", "open", "admit", "note", "what-is-this", ""])), author: author,
      chain: bytes(16), seq: seq, prev: prev, backSame: Bool.random(using: &random) ? link() : nil,
      backMembers: Bool.random(using: &random) ? link() : nil, roster: hashes(upTo: 3), seen: hashes(upTo: 2),
      void: hashes(upTo: 1),
      time: ClaimedTime(
        clamping: pick([ClaimedTime.range.lowerBound, 0, 1_790_000_000, ClaimedTime.range.upperBound])),
      to: address(), content: .parsed(["n": .integer(Int64.random(in: 0...9, using: &random)), "t": "Айгүл\u{0}"]))
    let manifest = Bool.random(using: &random) ? head() : nil
    return IndexedEntry(
      entry: entry, note: hash(), signer: author, manifest: manifest,
      isBorneOut: manifest == nil && entry.type == .note && Bool.random(using: &random))
  }

  mutating func head() -> ManifestHead {
    ManifestHead(
      record: hash(), caseID: hash(), version: pick([1, 2, Int.max]), previous: hashes(upTo: 2), originAuthor: hash(),
      digest: hash(), replaces: Bool.random(using: &random) ? hash() : nil)
  }

  mutating func text(_ record: SHA256Hash, _ manifest: SHA256Hash, _ part: IndexText.Part, _ words: Int) -> IndexText {
    let some = ["fence", "қоршау", "审问", "مەكتەپ", "Ёлка", "\n", "a", " "]
    let text = (0..<words).map { _ in pick(some) }.joined(separator: " ")
    return IndexText(record: record, manifest: manifest, part: part, original: Array(text.utf8))
  }

  mutating func contents(_ size: Int) -> IndexContents {
    var contents = IndexContents(vault: vault, basis: hash())
    for _ in 0..<Int.random(in: 0...size, using: &random) {
      contents.log.append(KnownEntry(file: hash(), entry: Bool.random(using: &random) ? entry() : nil))
      let content: KnownLock.Content = pick([
        .notForYou, .keys, .unsigned, .opens(manifest: hash(), pick([[], [.summary], [.testimony], Layer.allCases])),
      ])
      contents.locks.append(KnownLock(file: hash(), content: content))
      contents.rows.append(
        IndexRow(
          record: hash(), caseID: hash(), manifest: hash(), label: pick(["1", "2a", ""]),
          time: ClaimedTime(clamping: 5), layers: pick([[], [.summary, .testimony]]),
          isContested: Bool.random(using: &random), isNewest: Bool.random(using: &random)))
      let (record, manifest) = (hash(), hash())
      contents.texts.append(text(record, manifest, .summary, Int.random(in: 0...30, using: &random)))
      if Bool.random(using: &random) {
        contents.texts.append(text(record, manifest, .testimony, Int.random(in: 0...300, using: &random)))
      }
    }
    return contents
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
