/// Why an entry is refused.
public enum EntryFault: Error, Equatable, Sendable {
  case malformed(RecordError)
  case otherVault
  /// Sealed to a circle that it does not name, or that its type does not go to.
  case otherAudience
  case unknownAuthor
  case signature
  /// Its author did not have the role that this type asks for.
  case role
  /// It contradicts another entry, or is a later version than the first.
  case contradiction
  /// It belongs to a case that no accepted entry opened.
  case unknownCase
}
