/// A part of a text as it was written, around the place where a word was found.
public struct Excerpt: Equatable, Sendable {
  /// The bytes to show: within one line, unless the match itself goes over its end.
  public let shown: Range<Int>
  /// The match in them.
  public let match: Range<Int>
  /// Whether the line begins before, or goes on behind, what is shown.
  public let isCutBefore: Bool
  public let isCutAfter: Bool

  /// The excerpt around the first match of `query` in an original text; nil where no word of it occurs.
  /// - Parameter reach: how many characters to show on each side; fewer, so as to begin and end at a space.
  public init?(of query: SearchQuery, in original: Span<UInt8>, reach: Int = 60) {
    guard let match = query.firstMatch(in: Folding.fold(original).span) else { return nil }
    // What lies far behind the match need not be traced: a character leaves 54 bytes at most.
    var folder = Folder(capacity: match.upperBound, traces: true)
    folder.take(original, until: match.upperBound + 64 * (reach + 2))
    let anchors = folder.anchors
    let first = anchors.lastIndex { $0.folded <= match.lowerBound } ?? 0
    let end = anchors.firstIndex { $0.folded >= match.upperBound } ?? anchors.count
    func source(_ index: Int) -> Int { index < anchors.count ? anchors[index].source : original.count }
    self.match = source(first)..<source(end)

    var start = first
    while start > 0, first - start < reach, !isNewline(original, source(start - 1)) { start -= 1 }
    isCutBefore = start > 0 && !isNewline(original, source(start - 1))
    if isCutBefore, let space = (start..<first).first(where: { original[source($0)] == 0x20 }) { start = space + 1 }
    var stop = end
    while stop < anchors.count, stop - end < reach, !isNewline(original, source(stop)) { stop += 1 }
    isCutAfter = stop < anchors.count && !isNewline(original, source(stop))
    if isCutAfter, let space = (end..<stop).last(where: { original[source($0)] == 0x20 }) { stop = space }
    shown = source(start)..<source(stop)
  }
}

/// Whether a line ends here. All white space in a row is one character to the folding, and begins with its first.
private func isNewline(_ text: Span<UInt8>, _ start: Int) -> Bool {
  var index = start
  while index < text.count, text[index] == 0x20 || (0x09...0x0D).contains(text[index]) {
    if text[index] == 0x0A || text[index] == 0x0D { return true }
    index += 1
  }
  return false
}
