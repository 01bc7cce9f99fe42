public import Sodium

/// Bech32 (BIP 173) as age uses it: without the 90-character limit, all lower case or all upper case, the
/// checksum always over the lower-case form.
///
/// Works from span to span, so that a secret goes from guarded memory to guarded memory. Characters are found
/// by table; who can watch this process's cache lines while it reads a key is outside what age defends against.
public enum Bech32 {
  /// The two cases; a text is in one of them throughout.
  public enum Case: Sendable { case lower, upper }

  private static let characters = [UInt8]("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let separator = UInt8(ascii: "1")
  private static let checksumSize = 6

  /// The length of the text of `count` bytes behind a prefix.
  public static func textCount(prefix: String, count: Int) -> Int {
    prefix.utf8.count + 1 + (count * 8 + 4) / 5 + checksumSize
  }

  /// Writes the text of `data` in the case asked for into `text`, which has `textCount` bytes. `prefix` is lower case.
  public static func encode(
    prefix: String, _ data: Span<UInt8>, case letters: Case, into text: inout MutableSpan<UInt8>
  ) {
    let prefix = Array(prefix.utf8)
    precondition(text.count == prefix.count + 1 + (data.count * 8 + 4) / 5 + checksumSize, "wrong text size")
    var checksum = Checksum(prefix: prefix)
    var place = 0
    func put(_ character: UInt8, _ text: inout MutableSpan<UInt8>) {
      text[place] = letters == .upper ? upper(character) : character
      place += 1
    }
    for character in prefix { put(character, &text) }
    put(separator, &text)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    for index in 0..<data.count {
      bits = bits << 8 | UInt32(data[index])
      held += 8
      while held >= 5 {
        held -= 5
        let value = UInt8(bits >> held & 31)
        checksum.add(value)
        put(characters[Int(value)], &text)
      }
      bits &= (1 << held) - 1
    }
    if held > 0 {
      let value = UInt8(bits << (5 - held) & 31)
      checksum.add(value)
      put(characters[Int(value)], &text)
    }
    for value in checksum.final(count: checksumSize) { put(characters[Int(value)], &text) }
  }

  /// The prefix (in lower case), the case, and where the data part lies, checksum verified.
  private static func check(_ text: Span<UInt8>) throws(AgeError) -> (
    prefix: [UInt8], letters: Case, data: Range<Int>
  ) {
    var split: Int?
    var hasLower = false
    var hasUpper = false
    for index in 0..<text.count {
      let character = text[index]
      guard (33...126).contains(character) else { throw .malformedBech32 }
      if character == separator { split = index }
      if lower(character) != character { hasUpper = true }
      if upper(character) != character { hasLower = true }
    }
    guard !(hasLower && hasUpper), let split, split > 0, text.count - split - 1 >= checksumSize else {
      throw .malformedBech32
    }
    let prefix = (0..<split).map { lower(text[$0]) }
    var checksum = Checksum(prefix: prefix)
    for index in split + 1..<text.count {
      guard let value = value(of: text[index]) else { throw .malformedBech32 }
      checksum.add(value)
    }
    guard checksum.isValid else { throw .bech32Checksum }
    return (prefix, hasUpper ? .upper : .lower, split + 1..<text.count - checksumSize)
  }

  /// The prefix (in lower case), the case and the data of a text.
  ///
  /// Refused: mixed case, a character outside the alphabet, a wrong checksum, and padding that is not the
  /// shortest and zero.
  public static func decode(_ text: Span<UInt8>) throws(AgeError) -> (
    prefix: String, letters: Case, data: [UInt8]
  ) {
    let (prefix, letters, range) = try check(text)
    var data = [UInt8](repeating: 0, count: range.count * 5 / 8)
    var span = data.mutableSpan
    try convert(text.extracting(range), into: &span)
    return (String(decoding: prefix, as: UTF8.self), letters, data)
  }

  /// As `decode`, for a secret: the data is born in guarded memory. The prefix must be the one given, in the case
  /// given; another one is `unknownIdentity`.
  public static func decodeSecret(
    _ text: Span<UInt8>, prefix: String, case letters: Case
  ) throws(AgeError) -> Secret {
    let (found, foundCase, range) = try check(text)
    guard found == Array(prefix.utf8), foundCase == letters else { throw .unknownIdentity }
    let data = text.extracting(range)
    return try Secret(count: range.count * 5 / 8) { (span: inout MutableSpan<UInt8>) throws(AgeError) in
      try convert(data, into: &span)
    }
  }

  private static func convert(_ text: Span<UInt8>, into data: inout MutableSpan<UInt8>) throws(AgeError) {
    var bits: UInt32 = 0
    var held: UInt32 = 0
    var place = 0
    for index in 0..<text.count {
      guard let value = value(of: text[index]) else { throw .malformedBech32 }
      bits = bits << 5 | UInt32(value)
      held += 5
      if held >= 8 {
        held -= 8
        data[place] = UInt8(bits >> held)
        place += 1
        bits &= (1 << held) - 1
      }
    }
    guard held < 5, bits == 0 else { throw .malformedBech32 }
  }

  private static func value(of character: UInt8) -> UInt8? {
    let character = lower(character)
    return characters.firstIndex(of: character).map { UInt8($0) }
  }

  private static func lower(_ character: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character) ? character + 32 : character
  }

  private static func upper(_ character: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character) ? character - 32 : character
  }
}
