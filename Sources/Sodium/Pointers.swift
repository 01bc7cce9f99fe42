// libsodium's functions want an address even of nothing; an empty span may have none. With these two every
// call into it reads alike, and the pointers live no longer than the call.

extension Span where Element == UInt8 {
  /// Lends the address of the bytes; of a spare byte if there are none.
  func withPointer<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
    unsafe withUnsafeBufferPointer { buffer in
      if let address = buffer.baseAddress { return unsafe body(address) }
      return unsafe withUnsafePointer(to: 0) { unsafe body($0) }
    }
  }
}

extension MutableSpan where Element == UInt8 {
  /// Lends the address of the bytes; of a spare byte if there are none.
  mutating func withMutablePointer<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R {
    unsafe withUnsafeMutableBufferPointer { buffer in
      if let address = buffer.baseAddress { return unsafe body(address) }
      var spare: UInt8 = 0
      return unsafe withUnsafeMutablePointer(to: &spare) { unsafe body($0) }
    }
  }
}
