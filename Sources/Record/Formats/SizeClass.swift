/// How large a padded plaintext is: the class's size in bytes, or that doubled until the content fits, so that a file's
/// size says little about what is in it.
public enum SizeClass: Int, Sendable, CaseIterable {
  /// Share notes.
  case share = 0x800
  /// Entries and drop heads.
  case entry = 0x4000
  /// Lock files and drop lock parts.
  case lockFile = 0x8000
  /// Texts.
  case text = 0x10000

  /// The padded size of `count` bytes. `count` is the size of something in memory, never negative.
  public func padded(_ count: Int) -> Int {
    precondition((0...1 << 62).contains(count), "a size in bytes")
    var size = rawValue
    while size < count { size *= 2 }
    return size
  }
}

/// Padmé, the padding of attachments (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication
/// with PURBs", 2019, section 4.3).
///
/// A length keeps as many leading bits as its exponent has digits and rounds the rest up: log log of the length leaks
/// instead of the length, at a cost of at most 12 percent.
public enum Padme {
  /// The padded length of `count` bytes, and of fewer than `minimum` that of `minimum`. Neither is above 2⁶³.
  public static func padded(_ count: UInt64, minimum: UInt64 = 65536) -> UInt64 {
    let length = max(count, minimum)
    precondition(length <= 1 << 63, "a size in bytes")
    if length < 2 { return length }
    let exponent = bitLength(length) - 1
    let rounded = exponent - bitLength(exponent)
    let mask = (1 as UInt64) << rounded - 1
    return (length + mask) & ~mask
  }

  private static func bitLength(_ value: UInt64) -> UInt64 {
    UInt64(UInt64.bitWidth - value.leadingZeroBitCount)
  }
}
