import Age
import Platform
import Record
import Sodium

/// `NAME.seen`: what this device remembers of its vault, sealed to its owner: its own chains, what it was about to write,
/// and where its keys are. Its loss is said aloud and starts a new chain (PROTOCOL, entries).
struct SeenMemory: Sendable {
  /// One own chain, as far as it was written.
  struct Chain: Sendable {
    let author: SHA256Hash
    let chain: [UInt8]
    /// The highest seq that was ever used, written or void.
    var used: Int64
    var last: (link: Entry.Link, to: Entry.Address)?
    /// The last entry to each circle.
    var lastTo: [String: Entry.Link]
  }

  /// An entry that was about to be written: noted here before its file can exist.
  struct Intent: Sendable {
    let author: SHA256Hash
    let chain: [UInt8]
    let link: Entry.Link
    let to: Entry.Address
  }

  /// The newest entry of a chain to one circle.
  struct Head: Sendable, Hashable {
    let author: SHA256Hash
    let chain: [UInt8]
    let seq: Int64
    let note: SHA256Hash
    let file: SHA256Hash
    let circle: String

    var place: HeadPlace { HeadPlace(author: author, chain: chain, circle: circle) }
  }

  /// A chain, as far as one circle reads it.
  struct HeadPlace: Hashable {
    let author: SHA256Hash
    let chain: [UInt8]
    let circle: String
  }

  /// A checkpoint's place and content.
  struct Checkpointed: Sendable, Equatable {
    let number: Int
    let size: Int
    let root: SHA256Hash
  }

  /// An `open` entry that could not be written when something was shown.
  struct Waiting: Sendable {
    let circle: String
    let time: ClaimedTime
    let body: JSON
  }

  /// A request of this device's owner, whose fresh key is kept until the identity was opened, the request expired, or was
  /// taken back.
  struct HeldRequest: Sendable {
    /// The note hash of the `request` entry.
    let note: SHA256Hash
    let until: ClaimedTime
    /// The identity line of the fresh key, as an age file to the owner's own recipient: it stands nowhere in clear.
    let key: [UInt8]
  }

  let vault: SHA256Hash
  var chains: [Chain] = []
  var intents: [Intent] = []
  /// Note hashes of intents that never became files, to be named by the next entry of their author.
  var void: [SHA256Hash: [SHA256Hash]] = [:]
  /// The lock files that carry this member's circle keys.
  var locks: [SHA256Hash] = []
  /// The newest entry of each chain to each circle that this device has seen, other people's and its own.
  var heads: [Head] = []
  /// The text hashes of the `keys` notes that this device has followed, the newest.
  var keysNote: SHA256Hash?
  /// The newest checkpoint that this device has seen or signed.
  var checkpoint: Checkpointed?
  /// What was opened while the vault could not be written: entries that the next write puts there.
  var waiting: [Waiting] = []

  /// Public texts that were about to be put in place. The next write does it, byte for byte: they may have been carried
  /// away before the power failed, and a second text in their place would be a fork.
  var placing: [Commit.OpenFile] = []

  /// The policy that was in force here last, by the note hash of its entry.
  var policy: SHA256Hash?
  /// Custodians, by key hash, whose check words this device's owner has compared with them.
  var confirmed: [SHA256Hash] = []
  var requests: [HeldRequest] = []

  init(vault: SHA256Hash) { self.vault = vault }

  static func fileName(_ person: PersonName) -> PathBytes { PathBytes("\(person.text).seen") }

  func chain(of author: SHA256Hash) -> Chain? { chains.first { $0.author == author } }

  mutating func replace(_ chain: Chain) {
    chains.removeAll { $0.author == chain.author }
    chains.append(chain)
  }

  /// Takes an intent as written: the chain goes on behind it.
  mutating func adopt(_ intent: Intent) {
    guard var chain = chain(of: intent.author) else { return }
    chain.used = max(chain.used, intent.link.seq)
    if intent.link.seq > chain.last?.link.seq ?? 0 { chain.last = (intent.link, intent.to) }
    if intent.link.seq > chain.lastTo[intent.to.circle]?.seq ?? 0 { chain.lastTo[intent.to.circle] = intent.link }
    replace(chain)
  }

  /// Settles what an interrupted run left: an intent whose file exists is adopted, another becomes void; its seq is
  /// never used again.
  ///
  /// What cannot be read for another reason than that it is not there is an error: a void entry must not be there.
  mutating func settle(exists: (SHA256Hash) throws(VaultError) -> Bool) throws(VaultError) {
    for intent in intents.sorted(by: { $0.link.seq < $1.link.seq }) {
      if try exists(intent.link.file) {
        adopt(intent)
      } else if var chain = chain(of: intent.author) {
        chain.used = max(chain.used, intent.link.seq)
        replace(chain)
        void[intent.author, default: []].append(intent.link.note)
      }
    }
    intents = []
  }
}
