import Sodium
import Testing

@testable import Shares

@Suite struct MnemonicTests {
  /// Fields and value at random, every size of secret up to 64 bytes among them.
  private func random(size: Int) -> Mnemonic {
    let groups = Int.random(in: 1...16)
    let fields = MnemonicFields(
      identifier: Int.random(in: 0..<1 << 15), isExtendable: .random(), iterationExponent: Int.random(in: 0...15),
      groupIndex: Int.random(in: 1...16), groupThreshold: Int.random(in: 1...groups), groupCount: groups,
      memberIndex: Int.random(in: 1...16), memberThreshold: Int.random(in: 1...16))
    return Mnemonic(fields, value: SecretBox(Secret.random(count: size)))
  }

  private func isSame(_ left: Mnemonic, _ right: Mnemonic) -> Bool {
    left.fields == right.fields
      && left.value.secret.equals(right.value.secret)
  }

  @Test(arguments: Array(stride(from: 16, through: 64, by: 2))) func whatPrintsParsesBack(size: Int) throws {
    for _ in 0..<6 {
      let share = random(size: size)
      let parsed = try Mnemonic.of(share.words)
      #expect(isSame(share, parsed))
      #expect(parsed.words == share.words)
    }
  }

  @Test func thirtyTwoBytesAreThirtyThreeWords() {
    #expect(random(size: 16).words.split(separator: " ").count == 20)
    #expect(random(size: 32).words.split(separator: " ").count == 33)
  }

  /// Words at random, and shares with words dropped, doubled, swapped or changed: read as a share that prints to the very
  /// words, or refused.
  @Test func whatParsesPrintsBack() {
    var read = 0
    for _ in 0..<600 {
      var words = random(size: [16, 32].randomElement() ?? 16).words.split(separator: " ").map(String.init)
      let place = words.indices.randomElement() ?? 0
      switch Int.random(in: 0..<6) {
      case 0: words.remove(at: place)
      case 1: words.insert(words[place], at: place)
      case 2: words.swapAt(place, 0)
      case 3: words[place] = WordList.words.randomElement() ?? ""
      case 4: words = (0..<words.count).map { _ in WordList.words.randomElement() ?? "" }
      default: break
      }
      let text = words.joined(separator: " ")
      guard let share = try? Mnemonic.of(text) else { continue }
      read += 1
      #expect(share.words == text)
    }
    #expect(read > 60)
  }

  /// Any bytes at all: refused, or read as words that print to a share that parses to itself.
  @Test func anyBytesAreReadOrRefused() throws {
    for _ in 0..<600 {
      var bytes = Array(random(size: 16).words.utf8)
      for _ in 0..<Int.random(in: 0...3) {
        bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255)
      }
      guard let share = try? Mnemonic(parsing: bytes.span) else { continue }
      #expect(isSame(share, try Mnemonic.of(share.words)))
    }
  }

  /// At each place of a share any other word in its stead.
  @Test(arguments: [16, 32]) func oneWrongWordIsFoundAtEachPlace(size: Int) throws {
    let words = random(size: size).words.split(separator: " ").map(String.init)
    for place in words.indices {
      for other in WordList.words.shuffled().prefix(8) where other != words[place] {
        var changed = words
        changed[place] = other
        let text = changed.joined(separator: " ")
        #expect(failure { _ = try Mnemonic.of(text) } == .checksum)
      }
    }
  }

  @Test func wordsAreReadInEitherCaseAndByFourLetters() throws {
    let share = random(size: 32)
    let words = share.words.split(separator: " ")
    let short = words.map { $0.prefix(4).uppercased() }.joined(separator: " \r\n\t")
    #expect(try Mnemonic.of("\n " + short + " ").words == share.words)
  }

  @Test func whatIsNoShareIsRefusedByItsPlaceAndKind() {
    let words = random(size: 16).words.split(separator: " ").map(String.init)
    func refusal(_ words: [String]) -> ShareError? { failure { _ = try Mnemonic.of(words.joined(separator: " ")) } }
    for place in words.indices {
      for wrong in ["satosh", "acad3mic", "académic", "a", words[place] + words[place]] {
        var changed = words
        changed[place] = wrong
        #expect(refusal(changed) == .word(place: place + 1))
      }
    }
    #expect(refusal([]) == .length)
    #expect(refusal(words.dropLast()) == .length)
    #expect(refusal(words + ["academic"]) == .length)
    #expect(refusal([words[0] + "\u{0}"] + words.dropFirst()) == .word(place: 1))
  }

  @Test func itIsNotDescribed() {
    let share = random(size: 32)
    let text = "\(share)" + String(reflecting: share)
    #expect(share.words.split(separator: " ").allSatisfy { !text.contains($0) })
  }
}
