import CSodium

extension Span where Element == UInt8 {
  /// The bytes as an array, which nobody wipes: for what is not secret.
  public func copy() -> [UInt8] { [UInt8](copying: self) }

  /// Eight bytes from `offset` on, in the machine's order; they must be there.
  public func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count - 8, "the bytes are there")
    return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}

extension Array where Element == UInt8 {
  /// The bytes of a span, which nobody wipes: for what is not secret.
  public init(copying span: Span<UInt8>) {
    self = unsafe span.withUnsafeBufferPointer { unsafe [UInt8]($0) }
  }
}

extension MutableSpan where Element == UInt8 {
  /// Zeroes the bytes in a way the compiler cannot leave out.
  public mutating func wipe() {
    let count = count
    unsafe withMutablePointer { unsafe sodium_memzero($0, count) }
  }

  /// Copies `source` to `offset`; it must fit.
  public mutating func copy(_ source: Span<UInt8>, at offset: Int = 0) {
    precondition(offset >= 0 && source.count <= count - offset, "the bytes do not fit")
    unsafe withMutablePointer { target in
      unsafe source.withPointer { unsafe (target + offset).update(from: $0, count: source.count) }
    }
  }
}

extension MutableSpan where Element == UInt8 {
  /// Lends a part of the bytes; a range outside them is a programmer error.
  public mutating func withSlice<R: ~Copyable, E>(
    _ range: Range<Int>, _ body: (inout MutableSpan<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "the slice lies within the bytes")
    var slice = unsafe _mutatingExtracting(unchecked: range)
    return try body(&slice)
  }
}

extension Array where Element == UInt8 {
  /// Zeroes the bytes, if no other array shares them, in a way the compiler cannot leave out.
  public mutating func wipe() {
    var span = mutableSpan
    span.wipe()
  }
}
