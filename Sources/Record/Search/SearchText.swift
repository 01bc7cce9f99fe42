/// The words that somebody looks for. Each must occur, as a part of the folded text (`Folding`): Chinese has no spaces,
/// and endings change. A word with a space in it is looked for as it stands.
public struct SearchQuery: Sendable {
  /// The folded words.
  public let words: [[UInt8]]
  private let patterns: [Pattern]

  /// Nil where nothing remains to look for.
  public init?(_ words: [String]) {
    self.words = words.map { Self.trimmed(Folding.fold($0)) }.filter { !$0.isEmpty }
    if self.words.isEmpty { return nil }
    patterns = self.words.map(Pattern.init)
  }

  /// Whether all words occur in a folded text.
  public func isFound(in folded: Span<UInt8>) -> Bool { patterns.allSatisfy { $0.first(in: folded) != nil } }

  /// Sets `found[n]` where word n occurs in a folded text: for a thing that consists of several texts.
  public func note(in folded: Span<UInt8>, _ found: inout [Bool]) {
    for (index, pattern) in patterns.enumerated() where !found[index] {
      found[index] = pattern.first(in: folded) != nil
    }
  }

  /// The first place where any of the words occurs in a folded text; the longest of those that begin there.
  public func firstMatch(in folded: Span<UInt8>) -> Range<Int>? {
    var best: Range<Int>?
    for pattern in patterns {
      guard let start = pattern.first(in: folded) else { continue }
      let range = start..<start + pattern.count
      guard let there = best else {
        best = range
        continue
      }
      if (range.lowerBound, -range.count) < (there.lowerBound, -there.count) { best = range }
    }
    return best
  }

  private static func trimmed(_ folded: [UInt8]) -> [UInt8] {
    let start = folded.first == 0x20 ? 1 : 0
    let end = folded.last == 0x20 ? folded.count - 1 : folded.count
    return start < end ? Array(folded[start..<end]) : []
  }
}

/// One word and how far the window over a text may go on (Horspool): by the last byte under it.
struct Pattern: Sendable {
  private let word: [UInt8]
  private let shifts: [Int]

  var count: Int { word.count }

  /// A word of at least one byte.
  init(_ word: [UInt8]) {
    self.word = word
    var shifts = [Int](repeating: word.count, count: 256)
    for (place, byte) in word.dropLast().enumerated() { shifts[Int(byte)] = word.count - 1 - place }
    self.shifts = shifts
  }

  /// Where the word first occurs.
  func first(in text: Span<UInt8>) -> Int? {
    let last = word.count - 1
    let final = word[last]
    var end = last
    while end < text.count {
      let byte = text[end]
      if byte == final, isHere(text, end - last) { return end - last }
      end += shifts[Int(byte)]
    }
    return nil
  }

  private func isHere(_ text: Span<UInt8>, _ start: Int) -> Bool {
    for place in 0..<word.count - 1 where text[start + place] != word[place] { return false }
    return true
  }
}
