public import Record

/// Why a request for an identity goes no further.
public enum RequestRefusal: Sendable {
  case expired(ClaimedTime)
  case cancelled(ClaimedTime)
  case opened(ClaimedTime)
  /// It is another member's, by name: the one who asked is the one who reads.
  case othersRequest(String)
  /// The key that approvals are sealed to is not on this device.
  case noFreshKey
  /// Its author signed two texts under one id.
  case twoTexts
  /// Whoever asked, by name, was suspended or removed since.
  case requesterEnded(String, isRemoved: Bool)
  /// The members have a newer key, which the caller was not given, or has not got yet.
  case membersMovedOn
  /// What it gives for a fresh recipient is none of this vault's kind: nothing can be sealed to it.
  case badRecipient
  /// No share of it is the caller's.
  case noShare
  /// The caller's share lies with another device of theirs, by name.
  case shareElsewhere(String)
  /// What was sealed to who held the caller's share before, by name, was not handed on, or is still on its way.
  case shareUnhanded(String)
  /// It names a policy that the founder has not stated, or that is not here.
  case unknownPolicy
  /// Fewer than are needed have approved, or fewer of what they sent is good.
  case tooFew(Shortfall)
  /// It asks for keys that are split anew, and shown to nobody.
  case splitsOnly
  case noOrder
  /// The key of the order does not open it, or what it opens is no order.
  case badOrder
  /// The order's object is not here, or cannot be read.
  case orderNotHere(Place)
}

/// How many are still missing.
public struct Shortfall: Sendable {
  public let have: Int
  public let need: Int
  /// The names of custodians who have not answered.
  public let missing: [String]
  /// The names of those who approved and do not count, since they were suspended or removed.
  public let ended: [String]
  public let accused: [Accusation]
}
