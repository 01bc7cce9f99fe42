import Age
import Foundation
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

struct PaperBackupTests {
  static func key(_ kind: KeyKind = .hybrid) throws -> MemberKey {
    MemberKey.make(try PersonName("dana"), kind: kind, vault: nil)
  }

  static func words(_ card: BackupCard) -> String {
    let words = card.share.encoded()
    return String(decoding: words.bytes.copy(), as: UTF8.self)
  }

  @Test(arguments: [(2, 2), (2, 3), (3, 5), (16, 16), (2, 16)])
  func makesCardsOfOneSetWithTheirCodes(threshold: Int, count: Int) throws {
    let key = try Self.key()
    let cards = try PaperBackup.cards(of: key, threshold: threshold, of: count)
    #expect(cards.map(\.number) == Array(1...count))
    #expect(Set(cards.map(\.share.identifier)).count == 1 && Set(cards.map(\.code)).count == count)
    for card in cards {
      #expect(card.count == count && card.share.memberThreshold == threshold)
      #expect(Self.words(card).split(separator: " ").count == PaperBackup.wordsOnACard)
      let code = BackupCode(
        recipient: key.identity.recipient.text, set: card.share.identifier, number: card.share.memberIndex)
      #expect(card.code == code)
    }
  }

  @Test(arguments: [
    (1, 1, BackupFault.oneIsEnough), (1, 3, .oneIsEnough), (0, 3, .numbers), (3, 2, .numbers), (2, 17, .numbers),
    (17, 17, .numbers), (-1, 2, .numbers),
  ])
  func otherNumbersAreRefused(threshold: Int, count: Int, fault: BackupFault) throws {
    let key = try Self.key()
    #expect(throws: fault) { try PaperBackup.cards(of: key, threshold: threshold, of: count) }
  }

  /// Over all subsets of 3 of 5: each of three opens a file that was sealed to the lost key, no smaller one is a key.
  @Test(arguments: [KeyKind.classic, .hybrid])
  func whatWasSealedToTheLostKeyOpensAgain(kind: KeyKind) throws {
    let lost = try Self.key(kind)
    let text = Array("for her alone".utf8)
    let file = try AgeFile.seal(text.span, to: [lost.identity.recipient])
    let cards = try PaperBackup.cards(of: lost, threshold: 3, of: 5)
    for set in 0..<32 {
      let chosen = cards.enumerated().filter { set >> $0.offset & 1 == 1 }.map(\.element)
      var collection = CardCollection()
      for card in chosen { try collection.add(card.share, code: card.code) }
      if chosen.count < 3 {
        #expect(throws: BackupFault.self) { try collection.restored(kind) }
      } else {
        let restored = try collection.restored(nil)
        #expect(restored.falseCards.isEmpty && restored.isKindKnown)
        #expect(try Self.content(of: file, with: restored.identity) == text)
        Self.expectNewSigningKeys(MemberKey.make(lost.name, identity: restored.identity, vault: nil), lost)
      }
    }
  }

  private static func content(of file: [UInt8], with identity: NativeIdentity) throws -> [UInt8] {
    let text = try AgeFile.open(file.span, with: [identity])
    return text.bytes.copy()
  }

  private static func expectNewSigningKeys(_ key: MemberKey, _ lost: MemberKey) {
    let keys = [
      key.signing, key.publisher, key.registrar, key.founder, lost.signing, lost.publisher, lost.registrar,
      lost.founder,
    ]
    #expect(Set(keys.map { Hex.encode($0.verifyingKey.bytes) }).count == 8)
    #expect(key.identity.recipient == lost.identity.recipient)
  }

  /// With shamir-mnemonic from PyPI and nothing of ours: the words are the identity's 32 bytes.
  @Test(.enabled(if: Python.hasShamirMnemonic)) func anotherProgramCombinesTheCardsToTheSameBytes() throws {
    for _ in 0..<10 {
      let key = try Self.key(.classic)
      let cards = try PaperBackup.cards(of: key, threshold: 2, of: 3)
      let script = """
        import sys
        from shamir_mnemonic import combine_mnemonics
        print(combine_mnemonics(sys.stdin.read().splitlines(), b"").hex())
        """
      let hex = try Python.run(script, input: [cards[2], cards[0]].map(Self.words).joined(separator: "\n"))
      let own = key.identity.withSecretBytes { Hex.encode($0.bytes.copy()) }
      #expect(hex == own + "\n")
    }
  }
}

/// The Python that `Scripts/setup` prepares, where there is one.
enum Python {
  static let path: String = {
    if let folder = ProcessInfo.processInfo.environment["TESTIMONY_PYTHON"] { return "\(folder)/bin/python3" }
    let prepared = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: ".build/python/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: prepared) ? prepared : "python3"
  }()

  static let hasShamirMnemonic: Bool = {
    let isThere = (try? run("import shamir_mnemonic", input: "")) != nil
    if !isThere { print("!!! SKIPPED: paper backups against shamir-mnemonic: it is not installed") }
    return isThere
  }()

  struct Failed: Error {}

  static func run(_ script: String, input: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [path, "-c", script]
    let (given, said) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (given, said, FileHandle.nullDevice)
    try process.run()
    try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try given.fileHandleForWriting.close()
    let output = try said.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
    return String(decoding: output, as: UTF8.self)
  }
}
