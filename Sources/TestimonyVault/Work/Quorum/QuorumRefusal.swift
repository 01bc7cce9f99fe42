public import Record

/// Why nothing is sealed under a quorum, or one is not stated, accepted or confirmed.
public enum QuorumRefusal: Sendable {
  /// There is no policy that counts: nothing is sealed yet.
  case none
  /// So many policies stand beside each other, each accepted by its custodians, and none holds.
  case contested(Int)
  /// The policy that this device last saw in force is not on the way to the one that is here.
  case wentBack
  /// Fewer custodians are left than an identity takes, and who left.
  case tooFew(Int, need: Int, left: [String])
  /// Custodians whom this device's owner has not confirmed.
  case unconfirmed([String])
  case notACustodian(String)
  /// Two custodians that are one person.
  case onePerson(String, String)
  case numbers(Int, of: Int)
  case nothingToAccept
  case noSuchPolicy(String)
  /// The words that were typed are not those of this member's card.
  case otherWords(String)
  /// The caller holds no share that this member could be given.
  case nothingToHandOn(String)
  /// The policy in force has not got the second in the place of the first.
  case lacks(String, String)
  /// The identity is one person's alone, by name: only they can split its key.
  case alone(String, ThingID)
}
