import Age
public import Record
public import Sodium

/// A drop whose signed head was opened, and what is to be done with it.
public struct Arrival: Sendable {
  public enum Verdict: Sendable, Equatable {
    /// Whole and good.
    case good
    /// Filed before.
    case known
    /// Kept apart before; whole and good where it has its keys.
    case keptApart
    /// So many of its files are not here, or are torn.
    case incomplete(Int)
    case quarantine(Quarantine)
  }

  /// Why a drop is not filed by itself.
  public enum Quarantine: String, Sendable, Equatable {
    case afterEnd = "arrived after the kit's end"
    case afterRevocation = "not among the drops that count since the kit was revoked"
    case otherContent = "its files are not what its head says"
  }

  public let drop: VerifiedDrop
  public let verdict: Verdict
  /// The worker's name; the kit's handle where this reader is not told.
  public let worker: String
  /// Counsel's locks in it, where it is good.
  let keys: Keys?

  struct Keys: Sendable {
    let summary: NativeIdentity
    let testimony: NativeIdentity
    let shares: [LocksNote.Lock]
  }

  /// Whether it could be filed, where a counsel takes it on themselves.
  public var canBeFiled: Bool { keys != nil }

  public var head: DropHead { drop.head }
  public var code: ReceiptCode { ReceiptCode(of: drop.note) }
}

/// A plain age file to counsel's recipient, which nobody signed.
public struct UnsignedArrival: Sendable {
  public let file: SHA256Hash
  public let place: String
  /// Whether it was taken in before.
  public let isKnown: Bool
  /// Its content, in guarded memory.
  let content: SecretBox
}
