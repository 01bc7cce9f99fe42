import Sodium

/// The input of a stream, with as much of it held back as tells whether more follows. It belongs to one reader at a
/// time; an object, so that what it held back is in one place and can be wiped.
final class StreamSource {
  typealias Reading = (inout MutableSpan<UInt8>) throws -> Int

  private var held: [UInt8] = []
  /// The input has ended: what is held back is all there is.
  private var hasEnded = false

  /// Puts bytes that were read but not used back in front.
  func putBack(_ bytes: Span<UInt8>) {
    var joined = [UInt8](repeating: 0, count: bytes.count + held.count)
    var span = joined.mutableSpan
    span.copy(bytes)
    Self.move(&held, held.count, into: &span, at: bytes.count)
    held = joined
  }

  /// Fills the buffer as far as the input goes, reading one byte further than its use. Gives how many bytes are of
  /// use, and whether they are the last; the byte behind them is held back for the next call.
  func fill(_ buffer: inout [UInt8], reading: Reading) throws -> (count: Int, isEnd: Bool) {
    let capacity = buffer.count
    let size = capacity - 1
    var span = buffer.mutableSpan
    var count = min(held.count, capacity)
    Self.move(&held, count, into: &span, at: 0)
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

  private static func move(
    _ held: inout [UInt8], _ count: Int, into span: inout MutableSpan<UInt8>, at offset: Int
  ) {
    span.copy(held.span.extracting(first: count), at: offset)
    let rest = Array(held[count...])
    held.wipe()
    held = rest
  }
}
