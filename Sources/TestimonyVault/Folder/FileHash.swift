import Platform
import Sodium

/// Hashing an open file of any size in bounded memory.
enum FileHash {
  /// Large positioned reads: the hash is what takes the time, not the calls.
  static let batch = 1 << 20

  static func of(_ descriptor: Descriptor, reading: (Span<UInt8>) throws -> Void = { _ in }) throws -> SHA256Hash {
    var hasher = SHA256Hasher()
    var buffer = [UInt8](repeating: 0, count: batch)
    var offset: UInt64 = 0
    while true {
      try Interruption.check()
      var span = buffer.mutableSpan
      let count = try descriptor.read(at: offset, into: &span)
      if count == 0 { return hasher.finalize() }
      let bytes = buffer.span.extracting(0..<count)
      hasher.update(bytes)
      offset += UInt64(count)
      try reading(bytes)
    }
  }
}
