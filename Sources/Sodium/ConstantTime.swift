import CSodium

/// Comparison that takes the same time wherever the bytes differ.
public enum ConstantTime {
  /// Whether both hold the same bytes. Sizes are not secret: different sizes differ at once.
  public static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withPointer { start in
      unsafe right.withPointer { unsafe sodium_memcmp(start, $0, right.count) == 0 }
    }
  }
}
