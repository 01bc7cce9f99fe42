import Record
import Sodium
import Transparency

/// A vault's log as its members write it: each knows what they have seen, and links to it. Nothing is sealed: a file is
/// named by its note's bytes.
final class LogStory {
  let founder = SigningKey.generate()
  let note: VaultNote
  private(set) var people: [String: SigningKey] = [:]
  private(set) var founderKeys: [String: SigningKey] = [:]
  private(set) var circles: [String: CircleBody] = [:]
  private(set) var all: [UnverifiedEntry] = []
  /// What each author has seen; nil for everything.
  private var seen: [SHA256Hash: Set<SHA256Hash>] = [:]
  private var entries: [SHA256Hash: Entry] = [:]
  private var clock: Int64 = 1_795_000_000

  struct Said {
    let unverified: UnverifiedEntry
    let entry: Entry
    let note: SHA256Hash
    var file: SHA256Hash { unverified.file }
  }

  init() throws {
    note = try VaultNote(keys: "classic", founder: founder, nonce: [UInt8](repeating: 1, count: 16))
    for name in CircleName.founding {
      circles[name] = CircleBody(name: name, number: 1, recipient: "age1\(name)")
    }
    try admit("aigul", [.counsel], publisher: 1, founderKey: founder)
    for name in CircleName.founding {
      if let body = circles[name] { try say(.circle, by: founder, to: "members", body.json) }
    }
    try admit("dana", [.reviewer])
    try admit("marat", [.counsel], publisher: 2)
  }

  func key(_ name: String) -> SigningKey {
    guard let key = people[name] else { preconditionFailure("nobody is called \(name)") }
    return key
  }

  private func circle(_ name: String) -> CircleBody {
    guard let circle = circles[name] else { preconditionFailure("there is no circle \(name)") }
    return circle
  }
  func hash(_ name: String) -> SHA256Hash { KeyHash.of(key(name).verifyingKey) }

  @discardableResult
  func admit(
    _ name: String, _ roles: [Role], publisher: Int? = nil, founderKey: SigningKey? = nil,
    by admitting: SigningKey? = nil, person: SHA256Hash? = nil, displayName: String? = nil, chain: UInt8 = 7
  ) throws -> Said {
    if people[name] == nil {
      people[name] = .generate()
      founderKeys[name] = founderKey ?? .generate()
    }
    let admission = try admission(
      name, roles, publisher: publisher, person: person, displayName: displayName)
    return try say(.admit, by: admitting ?? founder, to: "members", admission.json, chain: chain)
  }

  func admission(
    _ name: String, _ roles: [Role], publisher: Int?, person: SHA256Hash? = nil, displayName: String? = nil
  ) throws -> Admission {
    let card = try Card(
      name: PersonName(name), recipient: "age1\(name)", signing: key(name), publisher: key(name).verifyingKey,
      registrar: key(name).verifyingKey, founder: (founderKeys[name] ?? founder).verifyingKey)
    return Admission(
      card: card, roles: roles, displayName: displayName ?? name, publisher: publisher, person: person)
  }

  /// From now on this author knows only what was said so far, and what they say themselves.
  func goOffline(_ key: SigningKey) { seen[KeyHash.of(key.verifyingKey)] = Set(entries.keys) }
  /// As if this author knew what was said up to some point, and nothing since, their own words included.
  func pretend(_ key: SigningKey, toKnow notes: Set<SHA256Hash>) { seen[KeyHash.of(key.verifyingKey)] = notes }
  /// Everything that was said so far.
  var known: Set<SHA256Hash> { Set(entries.keys) }
  func comeOnline(_ key: SigningKey) { seen[KeyHash.of(key.verifyingKey)] = nil }

  @discardableResult
  func say(
    _ type: EntryType, by key: SigningKey, to circle: String, _ body: JSON, chain: UInt8 = 7, epoch: CircleBody? = nil,
    keep: Bool = true, time: Int64? = nil, void: [SHA256Hash] = [], seq: Int64? = nil
  ) throws -> Said {
    let author = KeyHash.of(key.verifyingKey)
    let chain = [UInt8](repeating: chain, count: 16)
    let known = entries.filter { seen[author]?.contains($0.key) ?? true }
    let own = known.filter { $0.value.author == author && $0.value.chain == chain }.sorted {
      $0.value.seq < $1.value.seq
    }
    func link(_ one: (key: SHA256Hash, value: Entry)?) -> Entry.Link? {
      one.map { Entry.Link(seq: $0.value.seq, note: $0.key, file: $0.key) }
    }
    func heads(_ circle: String) -> [SHA256Hash] {
      let others = known.filter {
        $0.value.to.circle == circle && ($0.value.author != author || $0.value.chain != chain)
      }
      return Dictionary(grouping: others) { Hex.encode($0.value.chain) + $0.value.author.description }.values
        .compactMap { $0.max { $0.value.seq < $1.value.seq }?.key }.sorted()
    }
    clock += 60
    let to = (epoch ?? self.circle(circle)).address
    let entry = Entry(
      vault: note.id, type: type, author: author, chain: chain, seq: seq ?? (own.last?.value.seq ?? 0) + 1,
      prev: own.last.flatMap { last in link(last).map { ($0, last.value.to) } },
      backSame: link(own.last { $0.value.to.circle == circle }),
      backMembers: link(own.last { $0.value.to.circle == "members" }), roster: heads("members"), seen: heads(circle),
      void: void, time: ClaimedTime(clamping: time ?? clock), to: to, content: .parsed(body))
    let said = try sign(entry, by: key)
    if keep { add(said) }
    return said
  }

  func sign(_ entry: Entry, by key: SigningKey) throws -> Said {
    let sealed = try SealedNote.sign(
      .entry, entry.json(), as: KeyName.member(of: note.id), with: key, size: .entry)
    let note = sealed.ownHash
    return Said(unverified: UnverifiedEntry(file: note, openedBy: entry.to, sealed: sealed), entry: entry, note: note)
  }

  func add(_ said: Said) {
    all.append(said.unverified)
    entries[said.note] = said.entry
    for author in seen.keys where author == said.entry.author { seen[author]?.insert(said.note) }
  }

  func rotate(_ circle: String, by key: SigningKey? = nil, suffix: String = "") throws {
    let log = log()
    let old = self.circle(circle)
    let body = CircleBody(
      name: circle, number: old.number + 1, recipient: "age1\(circle)\(old.number + 1)\(suffix)",
      previous: log.roster.newest(circle).map(\.epoch))
    try say(.rotate, by: key ?? founder, to: "members", body.json)
    circles[circle] = body
  }

  func ending(_ name: String) -> EndingBody {
    EndingBody(member: hash(name), last: log().ends(of: hash(name)), reason: "r")
  }

  @discardableResult
  func remove(_ name: String) throws -> Said {
    let body = ending(name)
    try rotate("members")
    return try say(.remove, by: founder, to: "members", body.json)
  }

  func openCase(by name: String, title: String = "A case") throws -> (id: ThingID, said: Said) {
    let body = CaseBody(
      origin: Origin(author: hash(name), nonce: .random()), title: title, reviewers: "reviewers", fields: [:])
    return (body.origin.id(.case, in: note.id), try say(.case, by: key(name), to: "reviewers", body.json))
  }

  func manifest(_ caseID: ThingID, by name: String) throws -> Manifest {
    try Sample.manifest(Origin(author: hash(name), nonce: .random()), caseID: caseID.hash, object: name)
  }

  func log(founders: [VerifyingKey]? = nil, without files: Set<SHA256Hash> = []) -> CustodyLog {
    CustodyLog(vault: note, founders: founders, entries: all.filter { !files.contains($0.file) }.shuffled())
  }
}

extension CustodyLog {
  func fault(_ said: LogStory.Said) -> EntryFault? { refused.first { $0.file == said.file }?.fault }
}
