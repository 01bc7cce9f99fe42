import Sodium
import Testing
import Transparency

/// C2SP tlog-checkpoint: one spelling, and believed only from the log's own key.
@Suite struct CheckpointTests {
  private let key = SigningKey.generate()
  private let root = SHA256Hash(of: [1, 2, 3])

  private func signed(_ checkpoint: Checkpoint, as name: String? = nil, by other: SigningKey? = nil) throws
    -> SignedNote
  {
    try checkpoint.signed(as: name ?? checkpoint.origin, with: other ?? key)
  }

  @Test func whatParsesPrintsBack() throws {
    for (size, extensions) in [(0, []), (1, ["number 1"]), (.max, ["a", "b c", "\u{2014} d"])] as [(Int, [String])] {
      let checkpoint = try Checkpoint(origin: "example.org/log", size: size, root: root, extensions: extensions)
      #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
      #expect(try Checkpoint(parsing: checkpoint.text).text == checkpoint.text)
    }
    let text = "example.org/log\n7\n\(try Checkpoint(origin: "o", size: 0, root: root).encodedRoot)\n"
    #expect(
      String(decoding: try Checkpoint(origin: "example.org/log", size: 7, root: root).text, as: UTF8.self) == text)
  }

  @Test func everyOtherSpellingIsRefused() throws {
    let encoded = try Checkpoint(origin: "o", size: 0, root: root).encodedRoot
    let short = "A" + String(repeating: "A", count: 40) + "A="
    let texts: [(String, CheckpointError)] = [
      ("", .note(.unterminatedText)), ("o\n7\n\(encoded)", .note(.unterminatedText)), ("\n7\n\(encoded)\n", .origin),
      ("o\n", .size), ("o\n07\n\(encoded)\n", .size), ("o\n+7\n\(encoded)\n", .size), ("o\n-7\n\(encoded)\n", .size),
      ("o\n 7\n\(encoded)\n", .size), ("o\n\n\(encoded)\n", .size), ("o\n9223372036854775808\n\(encoded)\n", .size),
      ("o\n7\n", .root), ("o\n7\n\n", .root), ("o\n7\n\(encoded.dropLast())\n", .root), ("o\n7\n\(short)\n", .root),
      ("o\n7\n\(encoded) \n", .root), ("o\n7\n\(encoded)\n\n", .extension(1)),
      ("o\n7\n\(encoded)\na\n\nb\n", .extension(2)), ("o\n7\n\(encoded)\na\tb\n", .note(.controlCharacter(offset: 50))),
    ]
    for (text, error) in texts {
      #expect(throws: error, "\(text)") { try Checkpoint(parsing: Array(text.utf8)) }
    }
    #expect(throws: CheckpointError.origin) { try Checkpoint(origin: "", size: 1, root: root) }
    #expect(throws: CheckpointError.origin) { try Checkpoint(origin: "a\nb", size: 1, root: root) }
    #expect(throws: CheckpointError.size) { try Checkpoint(origin: "a", size: -1, root: root) }
    #expect(throws: CheckpointError.extension(2)) {
      try Checkpoint(origin: "a", size: 1, root: root, extensions: ["x", ""])
    }
  }

  @Test func onlyTheLogsOwnKeyIsBelieved() throws {
    let checkpoint = try Checkpoint(origin: "example.org/log", size: 7, root: root, extensions: ["number 1"])
    let verifier = try NoteVerifier(name: "example.org/log", key: key.verifyingKey)
    let note = try signed(checkpoint)
    #expect(try note.checkpoint(by: verifier).checkpoint == checkpoint)
    #expect(throws: CheckpointError.note(.notSigned)) {
      try signed(checkpoint, by: SigningKey.generate()).checkpoint(by: verifier)
    }
    #expect(throws: CheckpointError.note(.notSigned)) { try signed(checkpoint, as: "witness").checkpoint(by: verifier) }
    let other = try NoteVerifier(name: "other.org/log", key: key.verifyingKey)
    #expect(throws: CheckpointError.origin) { try note.checkpoint(by: other) }
    #expect(throws: CheckpointError.origin) { try signed(checkpoint, as: "other.org/log").checkpoint(by: other) }
    // A witness may sign beside the log.
    let both = try note.adding(signatureBy: "witness", key: SigningKey.generate())
    #expect(try both.checkpoint(by: verifier).checkpoint == checkpoint)
    let bytes = note.encoded
    for index in bytes.indices {
      var bad = bytes
      bad[index] ^= 1
      #expect((try? SignedNote(parsing: bad.span).checkpoint(by: verifier)) == nil, "byte \(index)")
    }
  }
}
