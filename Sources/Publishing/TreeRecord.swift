public import Record
public import Sodium

/// Why something in `tree/` does not count.
public enum TreeFault: Error, Equatable, Sendable {
  case malformed(RecordError)
  /// Its file's name states another number.
  case otherName
  /// Two different checkpoints follow the same one.
  case fork
  /// A registrar's, outside its stretch or beside the one that the `keys` notes settled on: evidence, without effect.
  case overruled
  /// The checkpoint that it follows is not here, or does not reach it.
  case gap
  /// The names that this checkpoint added are not here, so neither it nor what follows it can be checked.
  case namesMissing
  /// Names, and no checkpoint of that number that is followed.
  case checkpointMissing
  /// Names that do not make the tree of a checkpoint of that number.
  case otherNames
  /// Its tree does not begin with the one that the `keys` notes state for a former registrar.
  case otherPast
  /// The checkpoint at which the `keys` notes say that a former registrar ended is not here.
  case endMissing
}

/// How a name that the newest checkpoint covers stands.
public enum NameState: Equatable, Sendable {
  case here
  /// On the word of as many publishers as the vault asks for, or more.
  case gone(signatures: Int)
  /// Fewer publishers say so than the vault asks for, and it is not here.
  case claimed(have: Int, need: Int)
  case notHere
}

/// What `tree/` says, as anyone can check it without a key: the checkpoints of the registrar, the names that they cover,
/// and what is gone on whose word.
public struct TreeRecord: Sendable {
  /// What the `gone` notes say of one name.
  public struct Gone: Equatable, Sendable {
    public let reason: GoneNote.Reason
    public let signatures: Int
    public let need: Int
    /// What took its place.
    public let new: TreeName?

    public var isEnough: Bool { signatures >= need }
  }

  /// A `gone` note that fewer publishers have signed than its kind asks for: no fault, and no effect.
  public struct Awaiting: Sendable {
    public let note: PublicNote
    public let gone: GoneNote
    public let place: String
    /// The numbers of the publishers that have signed.
    public let signed: Set<Int>
    public let need: Int

    public var hash: SHA256Hash { note.hash }
  }

  /// The checkpoints that hold, from the first on: each the registrar's, each a consistent extension of the one before.
  public internal(set) var checkpoints: [VaultCheckpoint] = []
  /// The tree of the newest of them.
  public internal(set) var tree = NameTree()
  public internal(set) var gone: [TreeName: Gone] = [:]
  public internal(set) var awaiting: [Awaiting] = []
  public internal(set) var faults: [(place: String, fault: TreeFault)] = []

  public var newest: VaultCheckpoint? { checkpoints.last }
  /// The names that the newest checkpoint covers, in the order in which checkpoints met them.
  public var names: [TreeName] { tree.names }

  /// A fork, a gap, or names or checkpoints that are not here: none is signed behind it.
  public var isUnclear: Bool {
    faults.contains { [.fork, .gap, .namesMissing, .otherPast, .endMissing].contains($0.fault) }
  }

  init() {}

  public func state(of name: TreeName, isHere: Bool) -> NameState {
    if isHere { return .here }
    guard let gone = gone[name] else { return .notHere }
    return gone.isEnough ? .gone(signatures: gone.signatures) : .claimed(have: gone.signatures, need: gone.need)
  }
}
