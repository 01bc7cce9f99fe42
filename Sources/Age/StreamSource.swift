import Sodium

/// The input of a stream, with as much of it held back as tells whether more follows.
struct StreamSource {
  typealias Reading = (inout MutableSpan<UInt8>) throws -> Int

  private var held: [UInt8]
  /// The input has ended: what is held back is all there is.
  private(set) var hasEnded: Bool

  /// Nothing read yet.
  init() { (held, hasEnded) = ([], false) }

  /// Puts bytes that were read but not used back in front.
  mutating func putBack(_ bytes: [UInt8]) { held = bytes + held }

  /// Fills the buffer as far as the input goes, reading one byte further than its use. Gives how many bytes are of
  /// use, and whether they are the last; the byte behind them is held back for the next call.
  mutating func fill(_ buffer: inout [UInt8], reading: Reading) throws -> (count: Int, isEnd: Bool) {
    let capacity = buffer.count
    let size = capacity - 1
    var span = buffer.mutableSpan
    var count = min(held.count, capacity)
    span.copy(held.span.extracting(first: count))
    held.removeFirst(count)
    if !hasEnded, count < capacity {
      let read = try span.withSlice(count..<capacity) { (slice: inout MutableSpan<UInt8>) throws in
        let read = try reading(&slice)
        precondition(read >= 0 && read <= slice.count, "reading filled more than it was given")
        return read
      }
      count += read
      hasEnded = count < capacity
    }
    if count <= size { return (count, hasEnded && held.isEmpty) }
    held.insert(span[size], at: 0)
    span[size] = 0
    return (size, false)
  }
}
