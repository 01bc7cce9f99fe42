public import Sodium

/// A hash as words that two people compare aloud.
public enum CheckWords {
  /// The first 80 bits of `hash` as 8 words, 10 bits each, the highest first.
  public static func of(_ hash: SHA256Hash) -> [String] {
    var words: [String] = []
    var bits = 0
    var held = 0
    for byte in hash.bytes.prefix(10) {
      held = held << 8 | Int(byte)
      bits += 8
      if bits >= 10 {
        bits -= 10
        words.append(WordList.words[held >> bits & 0x3FF])
      }
    }
    return words
  }
}
