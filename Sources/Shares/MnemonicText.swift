import Sodium

/// The words of a share as text.
///
/// Which word stands where is found and written in constant time; only the lengths of the words, which any text shows,
/// can be told from the time it takes.
enum MnemonicText {
  /// The values of the words. Refused: what is not in the list, with its place.
  static func parse(_ text: Span<UInt8>) throws(ShareError) -> WordValues {
    var ranges: [Range<Int>] = []
    var start = 0
    for index in 0...text.count where index == text.count || isSpace(text[index]) {
      if start < index { ranges.append(start..<index) }
      start = index + 1
    }
    var values = WordValues(count: ranges.count)
    for (place, range) in ranges.enumerated() {
      guard let value = WordList.index(of: text.extracting(range)) else { throw .word(place: place + 1) }
      values[place] = value
    }
    return values
  }

  /// The words with one space between them.
  static func print(_ values: borrowing WordValues) -> Secret {
    let letters = (0..<values.count).reduce(0) { $0 + WordList.length(ofWord: values[$1]) }
    return Secret(count: letters + values.count - 1) { text in
      var end = 0
      for place in 0..<values.count {
        if place > 0 {
          text[end] = UInt8(ascii: " ")
          end += 1
        }
        end += WordList.write(word: values[place], to: &text, at: end)
      }
    }
  }

  /// Space, tab, line feed, carriage return.
  private static func isSpace(_ letter: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(letter) }
}
