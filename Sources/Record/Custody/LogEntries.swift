public import Sodium
public import Transparency

/// An entry as it came out of a seal: which file, through which circle's key, and what it says. Nothing is believed yet.
public struct UnverifiedEntry: Sendable {
  public let file: SHA256Hash
  public let openedBy: Entry.Address
  public let sealed: SealedNote

  public init(file: SHA256Hash, openedBy: Entry.Address, sealed: SealedNote) {
    self.file = file
    self.openedBy = openedBy
    self.sealed = sealed
  }
}

/// A signed note from the log whose first line names another version of entries than this program reads.
public struct UnreadableEntry: Sendable {
  public let file: SHA256Hash
  public let openedBy: Entry.Address
  public let note: SignedNote

  public init(file: SHA256Hash, openedBy: Entry.Address, note: SignedNote) {
    self.file = file
    self.openedBy = openedBy
    self.note = note
  }
}

/// One well-signed entry's place in its author's chain.
public struct ChainPosition: Sendable {
  public let chain: [UInt8]
  public let seq: Int64
  public let note: SHA256Hash
}

/// An entry whose author, signature, vault, addressee and role were checked.
public struct VerifiedEntry: Sendable {
  public let file: SHA256Hash
  public let note: SHA256Hash
  public let entry: Entry
}

/// A record's sealed version.
public struct SealedVersion: Sendable {
  public let manifest: Manifest
  public let entry: VerifiedEntry
}
