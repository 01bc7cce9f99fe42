public import Sodium

/// Passphrases made of words of the SLIP-39 list, 10 bits each, with one space between them.
public enum Passphrase {
  /// A new passphrase of `words` words, each drawn uniformly. It never exists outside a `Secret`; only its length in
  /// bytes, which the `Secret` must know, and the memory access pattern of the list depend on it.
  public static func generate(words: Int = 8) -> Secret {
    precondition(words > 0, "a passphrase has words")
    let drawn = Secret.random(count: words * 2)
    let count = lettersAndSpaces(drawn)
    return Secret(count: count) { output in
      var place = 0
      for number in 0..<words {
        if number > 0 {
          output[place] = space
          place += 1
        }
        for letter in word(number, drawn).utf8 {
          output[place] = letter
          place += 1
        }
      }
    }
  }

  /// Where word `number`, counted from 0, stands in the bytes of `passphrase`, or nil where there are not so many.
  public static func range(ofWord number: Int, in passphrase: borrowing Secret) -> Range<Int>? {
    let bytes = passphrase.bytes
    var start = 0
    var found = 0
    for index in 0...bytes.count where index == bytes.count || bytes[index] == space {
      if found == number { return start..<index }
      found += 1
      start = index + 1
    }
    return nil
  }

  private static let space = UInt8(ascii: " ")

  private static func lettersAndSpaces(_ drawn: borrowing Secret) -> Int {
    let words = drawn.count / 2
    return (0..<words).reduce(words - 1) { $0 + word($1, drawn).utf8.count }
  }

  /// 1,024 divides 65,536: the low ten bits of two random bytes are uniform.
  private static func word(_ number: Int, _ drawn: borrowing Secret) -> String {
    let bytes = drawn.bytes
    return WordList.words[(Int(bytes[2 * number]) << 8 | Int(bytes[2 * number + 1])) & 0x3FF]
  }
}
