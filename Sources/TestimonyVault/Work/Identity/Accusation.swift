/// Somebody whose part in an identity's shares is not what it should be: who, and what was found. Never what is in a share.
public struct Accusation: Error, Hashable, Sendable {
  /// As what somebody is named.
  public enum Role: Hashable, Sendable {
    /// Split the identity's key, and signed the shares.
    case sealer
    /// Wrote the lock file that the share lies in.
    case lockAuthor
    /// Approved, and sent it.
    case custodian
    /// Asked.
    case requester
  }

  public enum Wrong: Hashable, Sendable {
    /// It does not open: to the custodian's key, or to the request's.
    case doesNotOpen
    /// It is no share note, or no list of them.
    case malformed
    /// Nobody who may signs for it: altered, or forged.
    case signature
    /// It belongs to another record, version, policy or set.
    case otherPlace
    /// It is signed, and its words are not those that it commits to.
    case words
    /// It is signed, and its words are no share of this set.
    case notAShare
    /// It is another person's share.
    case otherHolder
    /// It is signed by somebody who sealed nothing here.
    case stranger
    /// Two lists of the shares of one set, both signed.
    case twoLists
    /// The shares are those that were signed, and do not make the identity's key.
    case otherKey
  }

  public let role: Role
  /// The member's name, as the roster knows it.
  public let name: String
  /// The number of the record's version.
  public let version: Int
  public let wrong: Wrong

  public init(_ role: Role, _ name: String, version: Int, _ wrong: Wrong) {
    self.role = role
    self.name = name
    self.version = version
    self.wrong = wrong
  }
}
