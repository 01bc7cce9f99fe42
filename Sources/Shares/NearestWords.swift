import Sodium

extension WordList {
  /// Words of the list that a mistyped one may have been meant to be, the likeliest first: those that begin so, then
  /// those that are one or two letters away. At most `limit`; they are the list's own strings.
  public static func nearest(to typed: Span<UInt8>, limit: Int = 4) -> [String] {
    guard !typed.isEmpty, typed.count <= 12 else { return [] }
    let ranked = words.enumerated().compactMap { place, word -> (rank: Int, place: Int)? in
      let letters = Array(word.utf8)
      if begins(letters, with: typed) { return (0, place) }
      let distance = distance(letters, typed)
      return distance <= 2 && distance < typed.count ? (distance, place) : nil
    }
    return ranked.sorted { $0 < $1 }.prefix(limit).map { words[$0.place] }
  }

  private static func begins(_ word: [UInt8], with typed: Span<UInt8>) -> Bool {
    typed.count <= word.count && typed.indices.allSatisfy { word[$0] == typed[$0] | 0x20 }
  }

  /// How many letters are to be changed, put in, taken out, or exchanged with a neighbour.
  private static func distance(_ word: [UInt8], _ typed: Span<UInt8>) -> Int {
    var above = [Int](repeating: 0, count: typed.count + 1)
    var row = Array(0...typed.count)
    for i in word.indices {
      var next = [i + 1]
      for j in typed.indices {
        let isSame = word[i] == typed[j] | 0x20
        var best = min(next[j] + 1, row[j + 1] + 1, row[j] + (isSame ? 0 : 1))
        if i > 0, j > 0, word[i] == typed[j - 1] | 0x20, word[i - 1] == typed[j] | 0x20 {
          best = min(best, above[j - 1] + 1)
        }
        next.append(best)
      }
      (above, row) = (row, next)
    }
    return row[typed.count]
  }
}
