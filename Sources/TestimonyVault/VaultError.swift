public import Age
public import Platform
public import Record
public import Shares
public import Sodium

/// Where in the vault or among the keys something is: a path for people to find it, never content.
public struct Place: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// What is wrong with a file that should be good.
public enum Damage: Error, Equatable, Sendable {
  /// Its bytes do not hash to its name.
  case otherContent
  case empty
  case notRegular
  /// Something else stands where a folder should be.
  case notFolder
  case tooLarge
  /// The system did not let it be read.
  case unreadable
  /// It is sealed to other than one key of the vault's kind.
  case stanzas
  /// It is not the age file that it should be, or its content is not authentic.
  case age(AgeError)
  case record(RecordError)
  /// A lock carries another key than the manifest names.
  case otherKey
  /// It speaks of another record, version or layer.
  case otherPlace
  /// What is inside does not match what the manifest commits to.
  case commitment
}

/// Everything that can go wrong with a vault or its keys. Sentences and exit codes are in `Commands`.
public enum VaultError: Error, Sendable {
  case notAVault(Place)
  case unknownFormat(String)
  case alreadyThere(Place)
  case noSuchKey(String)
  case keyOfAnotherVault(String)
  case passphrase
  case tooMuchWork(Int)
  case noneOfYourKeys
  /// The caller can open one layer of the record, not this one.
  case notThisLayer(ThingID, wanted: Layer, may: [Layer], by: String)
  case notAdmitted(String)
  case needsRole(Role)
  case needsFounder
  case needsRegistrar
  /// The vault's newest checkpoint is older than, or not behind, the one that this device remembers to have signed.
  case checkpointsWentBack(was: Int, now: Int)
  /// A fork, a gap or damage among the checkpoints: none is signed behind it.
  case checkpointsUnclear(Place)
  case mixedKeys
  /// Secrets would be written into what is copied and synced.
  case keysInsideVault(Place)
  case nameTaken(String)
  case keyTaken(String)
  /// The card's key was removed from this vault: it is not admitted again.
  case wasRemoved(String)
  case noMember(String)
  /// Nobody would be left who could do counsel's work.
  case lastCounsel(String)
  /// The member whose key writes the roster.
  case isFounder(String)
  case circleTaken(String)
  /// What is done to made circles only: of this one the roles say who holds its key.
  case foundingCircle(String)
  /// Counsel hold the keys of all circles.
  case holdsAllCircles(String)
  case notCounsel(String)
  /// The policy asks for more publishers than there are, or would be.
  case policyNeeds(PolicyRule, need: Int, have: Int)
  /// No `keys` note names the caller among those who may put a new founder in place.
  case notASuccessor
  /// The caller's key is not the one that was put in place, or the vault is theirs already.
  case nothingToTake
  /// The newest `keys` note is on the way of those that this device followed.
  case followsAlready
  case isRegistrar(String)
  case notAHash(String)
  case notLate(String)
  case noEntry(String, by: String)
  case severalEntries(String)
  case notAdoptable(SHA256Hash)
  case nothingAwaits(String)
  case signedAlready(Int)
  case damaged(Place, Damage)
  case missing(Place)
  case notHere(String)
  /// An id whose check letter does not fit.
  case mistyped(String)
  /// No id of the kind that is meant.
  case notAnID(String)
  case ambiguous(String, [ThingID])
  case noAttachment(ThingID, String)
  case noVersion(ThingID, String)
  /// An identity is granted to nobody: it is opened by those who hold its key.
  case needsQuorum(ThingID)
  case quorum(QuorumRefusal)
  case kit(KitFault)
  case share(ShareError)
  /// An identity is read by a request that a quorum approves, never by a role.
  case opensByQuorum(ThingID)
  /// An identity that one person's own key opens still: it is not asked for.
  case identityAlone(ThingID)
  case request(ThingID, RequestRefusal)
  /// The shares of an identity are not what they should be, by somebody's doing.
  case shares(ThingID, [Accusation])
  case orderTooLarge(Place)
  case noSuchMember(String)
  /// A grant to somebody who does not hold the key of the circle that reviews the case.
  case couldNotSee(ThingID, String, circle: String)
  /// A note of so many bytes, which would have to stand in an entry.
  case tooLongForAnEntry(Int)
  case identityTooLong(Int)
  case noCircle(String)
  /// The circle has a newer key than this device holds.
  case lacksKey(String)
  case outputExists(Place)
  case busy
  /// Some entries are in the vault, the rest is not.
  case partly(Int, of: Int)
  /// Everything is in the vault, but the medium did not confirm it.
  case unconfirmed
  /// New files are in place of so many old ones, which are still here, or the medium did not confirm that they went.
  case notDestroyed(Int)
  /// What was handed in could be sealed, but not be read back: nested too deeply, or too long.
  case unreadable
  /// The author of a case signed two different things about it.
  case contested(ThingID)
  /// The log holds entries for all members, of a type or version that this program does not know.
  case newerEntries
  /// Nothing that this device remembers is gone.
  case nothingLost
  /// An entry about the members that others knew is not here.
  case rosterIncomplete
  /// A new founder was put in place in public, and has not taken the vault yet.
  case awaitsSuccession(String)
  /// Entries about the members that this device has seen are not here any more.
  case wentBack(author: SHA256Hash, was: Int64, now: Int64)
  /// The `keys` notes that this device followed are not on the way to the newest any more.
  case keysWentBack
  /// A note of what is gone is signed by the commands that prove what took its place.
  case provenElsewhere(String)
  /// An earlier public text of the case has not been signed by enough publishers yet.
  case textAwaits(ThingID)
  /// Neither the vault nor `Keys/` can be written, so nothing that is shown could be recorded.
  case cannotRecord(Place)
  case system(SystemError, Place)
  case record(RecordError)
  case age(AgeError)
  case interrupted
  /// An error that nobody here knows: its type.
  case unexpected(String)
}

extension VaultError {
  /// What was thrown on the way, as what it is. Nothing but an interruption is called one.
  init(_ error: any Error) {
    switch error {
    case let error as VaultError: self = error
    case let error as SystemError: self = .system(error, at: "vault")
    case let error as RecordError: self = .record(error)
    case let error as AgeError: self = .age(error)
    case let error as ShareError: self = .share(error)
    default: self = .unexpected(String(describing: type(of: error)))
    }
  }

  /// The error of a system call at a place.
  static func system(_ error: SystemError, at path: String) -> VaultError {
    error.isInterrupted ? .interrupted : .system(error, Place(path))
  }
}
