import Publishing
import Record
import Sodium
import Testing

/// The path of the `keys` notes: who takes over from whom, and what counts for nothing then.
struct SuccessionTests {
  let founder = SigningKey.generate()
  let heir = SigningKey.generate()
  let publishers = (0..<3).map { _ in SigningKey.generate() }
  let vault: VaultNote
  let first: KeysNote
  let firstNote: PublicNote

  init() throws {
    vault = try VaultNote(keys: "hybrid", founder: founder, nonce: [UInt8](repeating: 1, count: 16))
    var keys = KeysNote(
      number: 1, previous: nil, founder: founder.verifyingKey,
      publishers: Dictionary(uniqueKeysWithValues: publishers.enumerated().map { ($0 + 1, $1.verifyingKey) }),
      registrar: founder.verifyingKey, counsel: "age1counsel")
    keys.succession = .init(threshold: 2, successors: [1, 2, 3])
    first = keys
    firstNote = try keys.signed(for: vault.id, with: founder)
  }

  func found(_ note: PublicNote, _ number: Int, _ name: String) -> FoundNote {
    FoundNote(place: "public/vault/\(name)", folder: "vault", number: number, bytes: note.encoded)
  }

  func record(_ notes: [FoundNote]) -> PublicRecord {
    PublicRecord(vault: vault, keysNotes: [found(firstNote, 1, "1")] + notes, caseNotes: [])
  }

  func faults(_ record: PublicRecord) -> [String: PublicFault] {
    Dictionary(
      uniqueKeysWithValues: record.faults.map { (String($0.place.dropFirst("public/vault/".count)), $0.fault) })
  }

  /// The heir in the founder's place, signed by these publishers.
  func succession(_ numbers: [Int], behind note: PublicNote? = nil, _ keys: KeysNote? = nil, to next: SigningKey? = nil)
    throws -> PublicNote
  {
    var keys = (keys ?? first).following((note ?? firstNote).hash)
    keys.founder = (next ?? heir).verifyingKey
    let lead = numbers[0]
    var signed = try keys.signed(for: vault.id, publisher: lead, with: publishers[lead - 1])
    for number in numbers.dropFirst() {
      signed = try signed.adding(publisher: number, of: vault.id, with: publishers[number - 1])
    }
    return signed
  }

  func byFounder(_ threshold: Int, behind note: PublicNote? = nil, number: Int = 2) throws -> PublicNote {
    var keys = first.following((note ?? firstNote).hash)
    keys.number = number
    keys.thresholds.publish = threshold
    return try keys.signed(for: vault.id, with: founder)
  }

  @Test func enoughSuccessorsPutANewFounderInPlace() throws {
    let note = try succession([1, 3])
    let record = record([found(note, 2, "2")])
    #expect(record.faults.isEmpty && record.awaiting.isEmpty && !record.keysAreUnclear)
    #expect(record.founders == [founder.verifyingKey, heir.verifyingKey])
    #expect(record.founder == heir.verifyingKey)
    #expect(record.keysPath == [firstNote.hash, note.hash])
    #expect(record.path.map(\.successors) == [nil, [1, 3]])
    // The new founder goes on; the old one's key counts for nothing.
    let third = try record.keys.map { try $0.following(note.hash).signed(for: vault.id, with: heir) }
    let next = try #require(third)
    let old = try #require(try record.keys.map { try $0.following(note.hash).signed(for: vault.id, with: founder) })
    #expect(self.record([found(note, 2, "2"), found(next, 3, "3")]).faults.isEmpty)
    let tried = self.record([found(note, 2, "2"), found(old, 3, "3")])
    #expect(faults(tried) == ["3": .malformed(.signature)])
    #expect(tried.keysPath.count == 2)
  }

  @Test func aSuccessionWithTooFewSignaturesWaits() throws {
    let one = try succession([2])
    let record = record([found(one, 2, "2")])
    #expect(record.faults.isEmpty && record.founder == founder.verifyingKey)
    let waiting = try #require(record.awaiting.first)
    #expect(waiting.hash == one.hash && waiting.signed == [2] && waiting.need == 2)
    #expect(waiting.claims.founder == heir.verifyingKey)
    // The second signs the same text, in a file of its own or in one with both lines: one note.
    let alone = try succession([3])
    for files in [
      [one, alone], [alone, one], [one, try waiting.note.adding(publisher: 3, of: vault.id, with: publishers[2])],
    ] {
      let united = self.record(files.enumerated().map { found($1, 2, "2-\($0)") })
      #expect(united.faults.isEmpty && united.awaiting.isEmpty)
      #expect(united.founder == heir.verifyingKey)
      #expect(united.path.last?.successors == [2, 3])
    }
  }

  @Test func aSuccessionWinsAgainstTheFoundersNotes() throws {
    let (old, taken) = (try byFounder(2), try succession([1, 2]))
    let behind = try byFounder(3, behind: old, number: 3)
    let record = record([found(old, 2, "old"), found(behind, 3, "behind"), found(taken, 2, "taken")])
    #expect(record.keysPath == [firstNote.hash, taken.hash])
    #expect(faults(record) == ["old": .superseded, "behind": .superseded])
    #expect(!record.keysAreUnclear)
    // Of the founder's own two notes neither is believed.
    let fork = self.record([found(old, 2, "old"), found(try byFounder(3), 2, "other"), found(behind, 3, "behind")])
    #expect(fork.keysPath == [firstNote.hash])
    #expect(faults(fork) == ["old": .fork, "other": .fork, "behind": .fork])
    // The succession settles that too.
    let settled = self.record([found(old, 2, "old"), found(try byFounder(3), 2, "other"), found(taken, 2, "taken")])
    #expect(settled.founder == heir.verifyingKey)
    #expect(faults(settled) == ["old": .superseded, "other": .superseded])
  }

  @Test func twoSuccessionsAreAFork() throws {
    let (one, two) = (try succession([1, 2]), try succession([2, 3], to: SigningKey.generate()))
    let record = record([found(one, 2, "one"), found(two, 2, "two"), found(try byFounder(2), 2, "old")])
    #expect(record.founder == founder.verifyingKey && record.keysPath == [firstNote.hash])
    #expect(faults(record) == ["one": .fork, "two": .fork, "old": .fork])
    #expect(record.keysAreUnclear)
  }

  @Test func whoIsNoSuccessorDoesNotCount() throws {
    // Ended in the note before, a stranger under a successor's name, twice the same key, and no rule at all.
    var fewer = first.following(firstNote.hash)
    try fewer.end(publisher: 3, signed: [])
    let second = try fewer.signed(for: vault.id, with: founder)
    let mixed = try succession([2, 3], behind: second, fewer)
    let record = record([found(second, 2, "2"), found(mixed, 3, "3")])
    #expect(record.faults.isEmpty && record.awaiting.first?.signed == [2])
    var keys = first.following(firstNote.hash)
    keys.founder = heir.verifyingKey
    let stranger = SigningKey.generate()
    let forged = try keys.signed(for: vault.id, publisher: 1, with: stranger).adding(
      publisher: 2, of: vault.id, with: stranger)
    #expect(faults(self.record([found(forged, 2, "2")])) == ["2": .malformed(.signature)])
    // The successors change nothing but the founder's place, and nobody else's.
    let rest = try first.following(firstNote.hash).signed(for: vault.id, publisher: 1, with: publishers[0]).adding(
      publisher: 2, of: vault.id, with: publishers[1])
    #expect(faults(self.record([found(rest, 2, "2")])) == ["2": .malformed(.signature)])
    var none = first
    none.succession = .init()
    let without = try none.signed(for: vault.id, with: founder)
    let tried = try succession([1, 2, 3], behind: without, none)
    let plain = PublicRecord(
      vault: vault, keysNotes: [found(without, 1, "1"), found(tried, 2, "2")], caseNotes: [])
    #expect(faults(plain) == ["2": .malformed(.signature)])
  }

  @Test func theFounderHandsOverHisKey() throws {
    var keys = first.following(firstNote.hash)
    keys.founder = heir.verifyingKey
    let note = try keys.signed(for: vault.id, with: founder)
    let next = try keys.following(note.hash).signed(for: vault.id, with: heir)
    let record = record([found(note, 2, "2"), found(next, 3, "3")])
    #expect(record.faults.isEmpty && record.keysPath.count == 3)
    #expect(record.founders == [founder.verifyingKey, heir.verifyingKey])
    #expect(record.path[1].successors == nil)
  }

  /// What we accept: a note that named successors can be succeeded for ever, also by those that were ended since.
  @Test func aSuccessionReachesBackBehindLaterNotes() throws {
    var later = first.following(firstNote.hash)
    try later.end(publisher: 2, signed: [])
    try later.end(publisher: 3, signed: [])
    later.succession = .init(threshold: 1, successors: [1])
    let second = try later.signed(for: vault.id, with: founder)
    let third = try later.following(second.hash).signed(for: vault.id, with: founder)
    let before = record([found(second, 2, "2"), found(third, 3, "3")])
    #expect(before.keysPath == [firstNote.hash, second.hash, third.hash])
    let after = record([found(second, 2, "2"), found(third, 3, "3"), found(try succession([2, 3]), 2, "taken")])
    #expect(after.founder == heir.verifyingKey)
    #expect(faults(after) == ["2": .superseded, "3": .superseded])
    // A member's program knows that it had followed another path.
    #expect(!after.keysPath.contains(try #require(before.keysPath.last)))
  }

  /// An old founder's key stops nobody: neither from writing nor from believing.
  @Test func theOldKeyCannotStopTheVault() throws {
    let note = try succession([1, 2])
    var far = first.following(SHA256Hash(of: [9]))
    far.number = 7
    let stray = try far.signed(for: vault.id, with: founder)
    let byHeir = try far.signed(for: vault.id, with: heir)
    #expect(faults(record([found(stray, 7, "7")])) == ["7": .gap])
    let tried = record([found(note, 2, "2"), found(stray, 7, "7")])
    #expect(faults(tried) == ["7": .malformed(.signature)] && !tried.keysAreUnclear)
    // As many successors as the newest note asks for, behind a note that is not here.
    let ahead = try succession([1, 2], behind: stray, far)
    #expect(faults(record([found(ahead, 8, "8")])) == ["8": .gap])
    #expect(faults(record([found(try succession([1], behind: stray, far), 8, "8")])) == ["8": .malformed(.signature)])
    let gap = record([found(note, 2, "2"), found(byHeir, 7, "7")])
    #expect(faults(gap) == ["7": .gap] && gap.keysAreUnclear)
    var early = first.following(SHA256Hash(of: [9]))
    early.number = 2
    let beside = try early.signed(for: vault.id, with: founder)
    let overtaken = record([found(note, 2, "2"), found(beside, 2, "beside")])
    #expect(faults(overtaken) == ["beside": .superseded] && !overtaken.keysAreUnclear)
  }

  /// Successors put a key in place, and do not rewrite who speaks for the vault and by which rules.
  @Test func aSuccessionChangesNothingElse() throws {
    let other = SigningKey.generate()
    let changes: [(inout KeysNote) throws -> Void] = [
      { $0.thresholds.erase = 2 }, { $0.succession.threshold = 1 }, { $0.counsel = "age1other" },
      { try $0.end(publisher: 2, signed: []) }, { _ = $0.add(publisher: other.verifyingKey) },
      { $0.handOver(registrar: other.verifyingKey, at: 0, root: SHA256Hash(of: [UInt8]())) },
    ]
    for change in changes {
      var keys = first
      try change(&keys)
      for numbers in [[1, 3], [1]] {
        let record = record([found(try succession(numbers, keys), 2, "2")])
        #expect(faults(record) == ["2": .malformed(.signature)])
        #expect(record.awaiting.isEmpty && record.founder == founder.verifyingKey)
      }
    }
  }
}
