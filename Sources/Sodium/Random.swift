import CSodium

/// The system's random source, through libsodium.
public enum Random {
  /// `count` random bytes, for what is not secret (salts, nonces, names).
  public static func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    fill(&span)
    return bytes
  }

  /// Fills the span with random bytes.
  public static func fill(_ span: inout MutableSpan<UInt8>) {
    Library.prepare()
    let count = span.count
    unsafe span.withMutablePointer { unsafe randombytes_buf($0, count) }
  }

  /// A number from 0 up to but not including `bound`, each equally likely. `bound` is not 0.
  public static func uniform(below bound: UInt32) -> UInt32 {
    precondition(bound > 0, "there is no number below 0")
    Library.prepare()
    return randombytes_uniform(bound)
  }
}
