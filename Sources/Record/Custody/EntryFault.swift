/// Why an entry has no effect.
public enum EntryFault: Error, Equatable, Sendable {
  case malformed(RecordError)
  case otherVault
  /// Sealed to a circle that it does not name, or that its type does not go to.
  case otherAudience
  case unknownAuthor
  case signature
  /// Its author did not have the role that this type asks for, at that point.
  case role
  /// It contradicts another entry.
  case contradiction
  /// It belongs to a case that no accepted entry opened.
  case unknownCase
  /// It belongs to a record or version that no accepted entry sealed.
  case unknownRecord
  /// It concerns a field device that no accepted entry names, or names another key for one.
  case unknownKit
  /// It answers a request, or accepts a policy, that no accepted entry made.
  case unknownRequest
  /// Its author was suspended or removed, or replaced as the founder, and it is not among the entries that count: signed
  /// later, or back-dated. Kept, listed, without effect until a counsel adopts it.
  case late
  /// Its own author declared, after an interrupted write, that it never came to be.
  case void
}

/// What is wrong with a chain of entries.
public enum ChainFault: Equatable, Sendable {
  /// Two entries of one chain stand at one place, or one stands where its author's next entry says that there is none.
  case fork
  /// Another entry had this one before it, and it is not here: withheld, lost, or still arriving.
  case missing
  /// A second seal of an entry that is here in another file.
  case duplicate
  /// It claims a time more than a day before that of the entry before it.
  case earlier
}
