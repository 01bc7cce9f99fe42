import Publishing
import Record
import Sodium
import Testing

/// What anyone believes of a vault's tree.
struct TreeRecordTests {
  let founder = SigningKey.generate()
  let registrar = SigningKey.generate()
  let publishers = [SigningKey.generate(), SigningKey.generate()]
  let vault: VaultNote
  let first: KeysNote

  init() throws {
    vault = try VaultNote(keys: "hybrid", founder: founder, nonce: [UInt8](repeating: 2, count: 16))
    var keys = KeysNote(
      number: 1, previous: nil, founder: founder.verifyingKey,
      publishers: [1: publishers[0].verifyingKey, 2: publishers[1].verifyingKey],
      registrar: registrar.verifyingKey, counsel: "age1counsel")
    keys.thresholds.erase = 2
    first = keys
  }

  func open(_ keys: KeysNote? = nil) throws -> PublicRecord {
    let note = try (keys ?? first).signed(for: vault.id, with: founder)
    let found = FoundNote(place: "public/vault/1", folder: "vault", number: 1, bytes: note.encoded)
    return PublicRecord(vault: vault, keysNotes: [found], caseNotes: [])
  }

  func name(_ text: String, _ folder: TreeName.Folder = .sealed) -> TreeName {
    TreeName(folder, SHA256Hash(of: Array(text.utf8)))
  }

  /// One checkpoint and the names that it adds.
  struct Step {
    let checkpoint: VaultCheckpoint
    let names: [TreeName]
    let tree: NameTree
  }

  func step(_ names: String, after: Step? = nil, by key: SigningKey? = nil) throws -> Step {
    var tree = after?.tree ?? NameTree()
    let added = names.map { name(String($0)) }
    for one in added where !tree.append(one) { Issue.record("a name twice") }
    let checkpoint = try VaultCheckpoint(
      of: tree, after: after?.checkpoint, vault: vault.id, with: key ?? registrar)
    return Step(checkpoint: checkpoint, names: added, tree: tree)
  }

  func found(_ checkpoint: VaultCheckpoint, _ place: String, number: Int? = nil) -> FoundNote {
    FoundNote(place: place, folder: "tree", number: number ?? checkpoint.number, bytes: checkpoint.encoded)
  }

  /// Judged as a folder's reader does it: for each checkpoint all names of its number, in turn.
  func judge(
    _ steps: [(String, Step)], keys: KeysNote? = nil, lacking: Set<String> = [], more: [FoundNote] = [],
    gone: [FoundNote] = []
  ) throws -> TreeRecord {
    var builder = TreeRecord.Builder(try open(keys))
    for (place, step) in steps { builder.add(checkpoint: found(step.checkpoint, place)) }
    for note in more { builder.add(checkpoint: note) }
    for note in gone { builder.add(gone: note) }
    while let next = builder.next() {
      let candidates = steps.filter { $0.1.checkpoint.number == next.number && !lacking.contains($0.0) }
      if !candidates.contains(where: { builder.take(names: $0.1.names) }) { builder.lackNames() }
    }
    return builder.finish()
  }

  func faults(_ record: TreeRecord) -> [String: TreeFault] {
    Dictionary(uniqueKeysWithValues: record.faults.map { ($0.place, $0.fault) })
  }

  @Test func checkpointsLeadToTheNames() throws {
    let one = try step("abc")
    let two = try step("d", after: one)
    let three = try step("efgh", after: two)
    let record = try judge([("3", three), ("1", one), ("2", two)])
    #expect(record.faults.isEmpty && !record.isUnclear)
    #expect(record.newest == three.checkpoint && record.checkpoints.count == 3)
    #expect(record.names == "abcdefgh".map { name(String($0)) })
    #expect(record.state(of: name("a"), isHere: true) == .here)
    #expect(record.state(of: name("a"), isHere: false) == .notHere)
  }

  @Test func whatIsNotTheRegistrarsIsNotBelieved() throws {
    let one = try step("abc")
    let forged = try step("d", after: one, by: SigningKey.generate())
    #expect(faults(try judge([("1", one), ("2", forged)])) == ["2": .malformed(.signature)])
    let elsewhere = try judge([("1", one)], more: [found(try step("d", after: one).checkpoint, "x", number: 7)])
    #expect(faults(elsewhere) == ["x": .otherName])
    var bytes = one.checkpoint.encoded
    bytes[bytes.count - 4] ^= 1
    let bad = FoundNote(place: "bad", folder: "tree", number: 1, bytes: bytes)
    #expect(try judge([], more: [bad]).faults.count == 1)
    #expect(try judge([], more: [bad]).newest == nil)
  }

  @Test func aForkIsShownAndAGapIsNamed() throws {
    let one = try step("abc")
    let (two, other) = (try step("d", after: one), try step("e", after: one))
    let three = try step("f", after: two)
    let fork = try judge([("1", one), ("2", two), ("other", other), ("3", three)])
    #expect(faults(fork) == ["2": .fork, "other": .fork, "3": .gap])
    #expect(fork.newest == one.checkpoint && fork.isUnclear)
    let gap = try judge([("1", one), ("3", three)])
    #expect(faults(gap) == ["3": .gap] && gap.isUnclear && gap.newest == one.checkpoint)
    // Two files with one text are one checkpoint.
    #expect(try judge([("1", one)], more: [found(one.checkpoint, "again")]).faults.isEmpty)
  }

  @Test func namesThatAreNotHereEndThePath() throws {
    let one = try step("abc")
    let two = try step("d", after: one)
    let three = try step("f", after: two)
    let record = try judge([("1", one), ("2", two), ("3", three)], lacking: ["2"])
    #expect(faults(record) == ["2": .namesMissing, "3": .gap])
    #expect(record.newest == one.checkpoint && record.names.count == 3 && record.isUnclear)
  }

  /// A tree that does not extend the one before cannot be told with any names; a name twice neither.
  @Test func aTreeThatForgetsIsNotFollowed() throws {
    let one = try step("abc")
    var forgetful = NameTree()
    for text in ["a", "b", "d", "e"] { _ = forgetful.append(name(text)) }
    let two = Step(
      checkpoint: try VaultCheckpoint(of: forgetful, after: one.checkpoint, vault: vault.id, with: registrar),
      names: [name("e")], tree: forgetful)
    #expect(faults(try judge([("1", one), ("2", two)])) == ["2": .namesMissing])
    var smaller = NameTree()
    _ = smaller.append(name("z"))
    let three = Step(
      checkpoint: try VaultCheckpoint(of: smaller, after: one.checkpoint, vault: vault.id, with: registrar),
      names: [], tree: smaller)
    #expect(faults(try judge([("1", one), ("2", three)])) == ["2": .gap])
  }

  @Test func aFormerRegistrarCountsUpToItsTree() throws {
    let one = try step("abc")
    let two = try step("d", after: one)
    let next = SigningKey.generate()
    var keys = first
    keys.handOver(registrar: next.verifyingKey, at: two.tree.size, root: two.tree.root)
    let three = try step("e", after: two, by: next)
    #expect(try judge([("1", one), ("2", two), ("3", three)], keys: keys).faults.isEmpty)
    // It signs on, or signs something else in its old place: evidence, and no obstacle.
    let late = try step("x", after: two)
    let rival = try step("y", after: one)
    let record = try judge([("1", one), ("2", two), ("3", three), ("late", late), ("rival", rival)], keys: keys)
    #expect(faults(record) == ["late": .overruled, "rival": .overruled])
    #expect(record.newest == three.checkpoint && !record.isUnclear)
    let early = try step("q", after: one, by: next)
    #expect(faults(try judge([("1", one), ("2", two), ("early", early)], keys: keys)) == ["early": .overruled])
    // The rival alone: its tree is not the one that the founder stated.
    let alone = try judge([("1", one), ("rival", rival)], keys: keys)
    #expect(faults(alone) == ["rival": .otherPast] && alone.newest == one.checkpoint)
  }

  func gone(_ note: PublicNote, _ place: String) -> FoundNote {
    FoundNote(place: place, folder: "tree", number: 0, bytes: note.encoded)
  }

  @Test func whatIsGoneIsGoneOnEnoughWords() throws {
    let one = try step("abc")
    let erase = try GoneNote(.erase, [.init(name("a"))])
    let by1 = try erase.signed(for: vault.id, publisher: 1, with: publishers[0])
    let by2 = try erase.signed(for: vault.id, publisher: 2, with: publishers[1])
    let few = try judge([("1", one)], gone: [gone(by1, "g1")])
    #expect(few.faults.isEmpty)
    #expect(few.state(of: name("a"), isHere: false) == .claimed(have: 1, need: 2))
    #expect(few.awaiting.map(\.signed) == [[1]] && few.awaiting.first?.need == 2)
    let enough = try judge([("1", one)], gone: [gone(by1, "g1"), gone(by2, "g2")])
    #expect(enough.state(of: name("a"), isHere: false) == .gone(signatures: 2))
    #expect(enough.state(of: name("a"), isHere: true) == .here)
    #expect(enough.state(of: name("b"), isHere: false) == .notHere)
    #expect(enough.awaiting.isEmpty)
    // The same person twice, and whoever was ended, are not enough.
    let same = try judge([("1", one)], gone: [gone(by1, "g1"), gone(by1, "g2")])
    #expect(same.state(of: name("a"), isHere: false) == .claimed(have: 1, need: 2))
    var ended = first
    try ended.end(publisher: 2, signed: [])
    let removed = try judge([("1", one)], keys: ended, gone: [gone(by1, "g1"), gone(by2, "g2")])
    #expect(removed.state(of: name("a"), isHere: false) == .claimed(have: 1, need: 2))
    #expect(faults(removed) == ["g2": .malformed(.signature)])
    var listed = first
    try listed.end(publisher: 2, signed: [by2.hash])
    let kept = try judge([("1", one)], keys: listed, gone: [gone(by1, "g1"), gone(by2, "g2")])
    #expect(kept.state(of: name("a"), isHere: false) == .gone(signatures: 2))
  }

  @Test func ofSeveralNotesTheBestSignedCounts() throws {
    let replaced = name("l", .locks)
    let new = name("m", .locks)
    let replace = try GoneNote(.replace, [.init(replaced, replacedBy: new)]).signed(
      for: vault.id, publisher: 1, with: publishers[0])
    let erase = try GoneNote(.erase, [.init(replaced)]).signed(for: vault.id, publisher: 2, with: publishers[1])
    for notes in [[replace, erase], [erase, replace]] {
      let record = try judge([], gone: notes.enumerated().map { gone($1, "\($0)") })
      #expect(record.gone[replaced]?.isEnough == true && record.gone[replaced]?.new == new)
      #expect(record.awaiting.map(\.hash) == [erase.hash])
    }
  }
}
