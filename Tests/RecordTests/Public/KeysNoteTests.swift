import Record
import Sodium
import Testing
import Transparency

/// What a `keys` note may say, in which words, and who may sign it behind which.
struct KeysNoteTests {
  let founder = SigningKey.generate()
  let publishers = (0..<4).map { _ in SigningKey.generate() }
  let vault: VaultNote

  init() throws {
    vault = try VaultNote(keys: "hybrid", founder: founder, nonce: [UInt8](repeating: 7, count: 16))
  }

  /// With everything that such a note can say.
  func full() throws -> KeysNote {
    var keys = KeysNote(
      number: 1, previous: nil, founder: founder.verifyingKey,
      publishers: Dictionary(uniqueKeysWithValues: publishers.enumerated().map { ($0 + 1, $1.verifyingKey) }),
      registrar: publishers[0].verifyingKey, counsel: "age1counsel")
    keys.thresholds.erase = 2
    keys.succession = .init(threshold: 2, successors: [1, 2, 3])
    keys.handOver(registrar: publishers[1].verifyingKey, at: 40, root: Sample.hash("root"))
    try keys.end(publisher: 4, signed: [Sample.hash("one"), Sample.hash("two")])
    return keys
  }

  func read(_ keys: KeysNote) throws -> UnverifiedKeysNote {
    let bytes = try keys.signed(for: vault.id, with: founder).encoded
    return try UnverifiedKeysNote(parsing: bytes.span, vault: vault.id)
  }

  func first(_ keys: KeysNote) throws -> VerifiedKeysNote {
    let note = try read(keys)
    guard case .good(let good) = try note.standing(after: nil, with: note.signatures(after: nil, of: vault)) else {
      throw RecordError.signature
    }
    return good
  }

  @Test func whatIsSignedReadsBack() throws {
    let keys = try full()
    let note = try read(keys)
    #expect(note.claims == keys)
    #expect(try first(keys).keys == keys)
    let lines = String(decoding: try keys.text(for: vault.id), as: UTF8.self).split(separator: "\n").map {
      String($0.prefix { $0 != ":" })
    }
    #expect(
      lines == [
        "testimony-vault/keys/v1", "vault", "number", "previous", "format", "founder", "publisher", "publisher",
        "publisher", "ended", "signed", "signed", "publish", "retract", "erase", "replace", "registrar",
        "ended-registrar", "succession", "successor", "successor", "successor", "counsel",
      ])
  }

  /// One spelling, in one order: a line moved, doubled, left out or added is another note, and none of ours.
  @Test func everyOtherSpellingIsRefused() throws {
    let text = String(decoding: try full().text(for: vault.id), as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    func refused(_ lines: [String]) throws -> Bool {
      let changed = lines.map { $0 + "\n" }.joined()
      let note = try SignedNote.sign(text: Array(changed.utf8), name: KeyName.founder(of: vault.id), key: founder)
      let bytes = note.encoded
      return (try? UnverifiedKeysNote(parsing: bytes.span, vault: vault.id)) == nil
    }
    #expect(try !refused(lines))
    for index in lines.indices {
      var fewer = lines
      fewer.remove(at: index)
      // What no other line rests on may be left out: it is another note then.
      let mayBeMissing = ["signed", "ended-registrar", "successor"].contains { lines[index].hasPrefix($0 + ":") }
      #expect(try refused(fewer) || mayBeMissing || lines[index].hasPrefix("publisher: 4"), "\(lines[index])")
      #expect(try refused(Array(lines[...index]) + Array(lines[index...])), "\(lines[index]) twice")
      if index > 0 {
        var moved = lines
        moved.swapAt(index, index - 1)
        #expect(try refused(moved), "\(lines[index]) moved")
      }
      var spaced = lines
      spaced[index] += " "
      // A format and a recipient are any words.
      if !lines[index].hasPrefix("format:"), !lines[index].hasPrefix("counsel:") {
        #expect(try refused(spaced), "\(lines[index])")
      }
    }
    #expect(try refused(lines + ["more: 1"]))
    #expect(throws: RecordError.otherVault) {
      let bytes = try full().signed(for: Sample.vault, with: founder).encoded
      _ = try UnverifiedKeysNote(parsing: bytes.span, vault: vault.id)
    }
  }

  @Test func whatContradictsItselfIsNotSigned() throws {
    func refusal(_ change: (inout KeysNote) throws -> Void) throws -> RecordError? {
      var keys = try full()
      try change(&keys)
      do { _ = try keys.signed(for: vault.id, with: founder) } catch { return error }
      return nil
    }
    #expect(try refusal { _ in } == nil)
    #expect(try refusal { $0.succession.threshold = 4 } == .field("succession"))
    #expect(try refusal { $0.succession.threshold = -1 } == .field("succession"))
    #expect(try refusal { $0.succession.successors = [1, 2, 9] } == .field("successor"))
    #expect(try refusal { $0.succession.successors = [1, 2, 4] } == .field("successor"))
    #expect(try refusal { $0.thresholds.replace = 0 } == .field("replace"))
    #expect(try refusal { $0.thresholds.publish = 1_000_001 } == .field("publish"))
    #expect(try refusal { $0.number = 2 } == .field("previous"))
    #expect(try refusal { $0.previous = Sample.vault } == .field("previous"))
    #expect(try refusal { _ = $0.add(publisher: publishers[3].verifyingKey) } == .field("publisher"))
    // Two of three successors are asked for: with one left, the rule must change first.
    #expect(
      try refusal {
        try $0.end(publisher: 1, signed: [])
        try $0.end(publisher: 2, signed: [])
      } == .field("succession"))
    #expect(
      try refusal { $0.handOver(registrar: publishers[2].verifyingKey, at: 39, root: Sample.hash("x")) }
        == .field("ended-registrar"))
  }

  /// What nobody would read is not signed.
  @Test func aNoteThatIsTooLargeIsNotSigned() throws {
    var keys = try full()
    let many = (0..<14_000).map { Sample.hash("\($0)") }
    try keys.end(publisher: 3, signed: Set(many))
    keys.succession = .init()
    #expect(throws: RecordError.note(.tooLarge)) { try keys.signed(for: vault.id, with: founder) }
  }

  @Test func eachRegistrarHasItsStretchOfTheTree() throws {
    let keys = try full()
    let (former, now) = (publishers[0].verifyingKey, publishers[1].verifyingKey)
    #expect([0, 1, 40, 41].map(keys.registrar(at:)) == [former, former, former, now])
    var back = keys
    back.handOver(registrar: former, at: 60, root: Sample.hash("later"))
    #expect([40, 41, 60, 61].map(back.registrar(at:)) == [former, now, now, former])
    var same = keys
    same.handOver(registrar: now, at: 70, root: Sample.hash("same"))
    #expect(same == keys)
  }

  @Test func nothingThatWasSaidForGoodIsTakenBack() throws {
    let before = try first(try full())
    func fault(_ change: (inout KeysNote) throws -> Void) throws -> RecordError? {
      var keys = before.keys.following(before.hash)
      try change(&keys)
      let note = try read(keys)
      let signatures = try note.signatures(after: before, of: vault)
      do { _ = try note.standing(after: before, with: signatures) } catch { return error }
      return nil
    }
    #expect(try fault { _ in } == nil)
    #expect(try fault { try $0.end(publisher: 3, signed: []) } == nil)
    #expect(try fault { $0.handOver(registrar: publishers[2].verifyingKey, at: 50, root: Sample.hash("y")) } == nil)
    #expect(try fault { $0.number = 3 } == .field("number"))
    // A number that changes its key, one that goes away, an ended one that comes back.
    func rewritten(_ old: String, _ new: String) throws -> RecordError? {
      let text = String(decoding: try before.keys.following(before.hash).text(for: vault.id), as: UTF8.self)
      let changed = text.replacing(old, with: new)
      #expect(changed != text)
      let signed = try SignedNote.sign(text: Array(changed.utf8), name: KeyName.founder(of: vault.id), key: founder)
      let bytes = signed.encoded
      do {
        let note = try UnverifiedKeysNote(parsing: bytes.span, vault: vault.id)
        _ = try note.standing(after: before, with: note.signatures(after: before, of: vault))
      } catch { return error }
      return nil
    }
    func hex(_ index: Int) -> String { Hex.encode(publishers[index].verifyingKey.bytes) }
    let other = Hex.encode(SigningKey.generate().verifyingKey.bytes)
    #expect(try rewritten("publisher: 3 \(hex(2))", "publisher: 3 \(other)") == .field("publisher"))
    #expect(try rewritten("publisher: 3 \(hex(2))", "publisher: 5 \(hex(2))") == .field("successor"))
    #expect(try rewritten("ended: 4 \(hex(3))", "ended: 4 \(other)") == .field("ended"))
    #expect(try rewritten("registrar: \(hex(1))", "registrar: \(other)") == .field("registrar"))
    #expect(
      try rewritten("ended-registrar: \(hex(0)) 40", "ended-registrar: \(hex(0)) 41") == .field("ended-registrar"))
  }
}
