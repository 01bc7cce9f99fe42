import CSodium
import Synchronization

/// Secret bytes in guarded memory: locked against swapping where the system allows it, kept out of core
/// dumps, and zeroed when the value ends.
///
/// It cannot be copied, printed, interpolated or compared by accident. Secrets of up to 256 bytes share
/// guarded pages (`SecretSlab`); a larger one has pages of its own. Not having the memory is fatal.
@safe
public struct Secret: ~Copyable, @unchecked Sendable {
  /// The number of bytes.
  public let count: Int
  private let memory: UnsafeMutablePointer<UInt8>

  /// A secret of `count` zero bytes.
  public init(count: Int) {
    precondition(count >= 0, "a secret has no negative size")
    self.count = count
    if count <= SecretSlab.slotSize {
      unsafe memory = SecretSlab.shared.takeSlot()
    } else {
      unsafe memory = GuardedMemory.allocate(count)
    }
  }

  /// A secret born in place: `fill` writes it into zeroed guarded memory. If `fill` throws, nothing is left.
  public init<E>(count: Int, filledBy fill: (inout MutableSpan<UInt8>) throws(E) -> Void) throws(E) {
    self.init(count: count)
    try withMutableBytes(fill)
  }

  /// A secret copied from memory that is *not* wiped: for what was never in guarded memory, or stays in it.
  public init(copying source: Span<UInt8>) {
    self.init(count: source.count)
    unsafe source.withPointer { unsafe memory.update(from: $0, count: source.count) }
  }

  /// `count` bytes from the system's random source.
  public static func random(count: Int) -> Secret {
    Secret(count: count) { Random.fill(&$0) }
  }

  /// The bytes, for as long as the secret is borrowed.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(memory), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Runs `body` on the bytes, which it may change.
  public mutating func withMutableBytes<R: ~Copyable, E>(
    _ body: (inout MutableSpan<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    var span = unsafe MutableSpan(_unsafeStart: memory, count: count)
    return try body(&span)
  }

  /// A second secret with the same bytes, in guarded memory of its own.
  public borrowing func clone() -> Secret { Secret(copying: bytes) }

  /// Compares in constant time; secrets of different sizes differ.
  public borrowing func equals(_ other: borrowing Secret) -> Bool {
    ConstantTime.equal(bytes, other.bytes)
  }

  /// Some guarded memory of this process could not be locked and may reach the swap. The caller says it once.
  public static var lockingFailed: Bool { GuardedMemory.lockingFailed.load(ordering: .relaxed) }

  deinit {
    if count <= SecretSlab.slotSize {
      unsafe SecretSlab.shared.giveBack(memory)
    } else {
      unsafe sodium_free(memory)
    }
  }
}

/// A secret that can be shared and kept in a list.
public final class SecretBox: Sendable {
  /// The secret it owns.
  public let secret: Secret

  /// Takes the secret over.
  public init(_ secret: consuming Secret) { self.secret = secret }
}
