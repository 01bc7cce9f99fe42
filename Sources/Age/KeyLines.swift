import Sodium

/// The lines of an identity or recipient file: comments begin with `#`, blank ones are skipped, the rest are keys.
struct KeyLines {
  /// Where the keys stand, with their line numbers (from 1).
  private(set) var keys: [(line: Int, range: Range<Int>)] = []
  /// Where the comments stand, `#` included, line end not.
  private(set) var comments: [Range<Int>] = []

  init(_ text: Span<UInt8>) {
    var start = 0
    var line = 0
    while start < text.count {
      line += 1
      var next = start
      while next < text.count, text[next] != UInt8(ascii: "\n") { next += 1 }
      var end = next
      if end > start, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      if end > start {
        if text[start] == UInt8(ascii: "#") {
          comments.append(start..<end)
        } else {
          keys.append((line, start..<end))
        }
      }
      start = next + 1
    }
  }
}
