import CSodium
import Synchronization

/// Pages from libsodium's guarded allocator: an unreadable page on either side, a canary in front, locked
/// into memory, kept out of core dumps, zeroed when freed.
enum GuardedMemory {
  /// An `mlock` was refused: `sodium_malloc` succeeds all the same, so it is asked for again and noticed.
  static let lockingFailed = Atomic(false)

  /// `count` zeroed bytes, to be freed with `sodium_free`.
  static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    Library.prepare()
    guard let pages = unsafe sodium_malloc(count) else { preconditionFailure("no memory for a secret") }
    if unsafe sodium_mlock(pages, count) != 0 { lockingFailed.store(true, ordering: .relaxed) }
    unsafe sodium_memzero(pages, count)
    return unsafe pages.assumingMemoryBound(to: UInt8.self)
  }
}
