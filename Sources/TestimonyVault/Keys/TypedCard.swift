public import Shares
public import Sodium

/// A card that somebody types, word by word. The words are in guarded memory, and each is checked as it comes.
public struct TypedCard: ~Copyable {
  /// Words so far.
  public private(set) var count = 0
  /// Two bytes a word: its value in the list.
  private var values = Secret(count: 2 * PaperBackup.wordsOnACard)

  public init() {}

  public var isWhole: Bool { count == PaperBackup.wordsOnACard }

  /// Takes the next word: of the list, whole or by its first four letters, in either case. False for any other.
  public mutating func add(_ word: Span<UInt8>) -> Bool {
    guard !isWhole, let value = WordList.index(of: word) else { return false }
    set(value, at: count)
    count += 1
    return true
  }

  /// Puts another word in the place `number`, counted from 1. False where either is none.
  public mutating func replace(_ number: Int, with word: Span<UInt8>) -> Bool {
    guard (1...max(count, 1)).contains(number), count > 0, let value = WordList.index(of: word) else { return false }
    set(value, at: number - 1)
    return true
  }

  /// Takes the last word out again.
  public mutating func removeLast() { count = max(0, count - 1) }

  /// The last word, whole, to be seen once; nil where there is none.
  public func lastWord() -> Secret? { count == 0 ? nil : Secret(copying: Array(word(count - 1).utf8).span) }

  /// The share that the words are. Throws `checksum` where one or more of them are wrong.
  public func share() throws(BackupFault) -> Mnemonic {
    let letters = (0..<count).reduce(0) { $0 + word($1).utf8.count + 1 }
    let text = Secret(count: letters) { text in
      var end = 0
      for place in 0..<count {
        for letter in word(place).utf8 {
          text[end] = letter
          end += 1
        }
        text[end] = UInt8(ascii: " ")
        end += 1
      }
    }
    guard isWhole else { throw .length(count) }
    do { return try Mnemonic(parsing: text.bytes) } catch { throw BackupFault(error, words: count) }
  }

  /// One of the list's own strings.
  private func word(_ place: Int) -> String {
    WordList.words[Int(values.bytes[2 * place]) << 8 | Int(values.bytes[2 * place + 1])]
  }

  private mutating func set(_ value: Int, at place: Int) {
    values.withMutableBytes { bytes in
      bytes[2 * place] = UInt8(value >> 8)
      bytes[2 * place + 1] = UInt8(value & 0xFF)
    }
  }
}
