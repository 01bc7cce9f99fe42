/// Crockford base 32 with check letters: the shown form of an id.
///
/// The first group is 7 letters of data and a check letter, each further one 3 and a check letter. A check letter makes
/// the sum of gⁱ·letterᵢ zero in GF(2⁵), where the letters are the prefix (i = 0), all data letters up to there, and the
/// check letter itself; g = x generates the field (x⁵ + x² + 1).
///
/// Why this catches every single wrong letter: it adds gⁱ·e with e ≠ 0, which is not zero in a field. Why every swap of
/// neighbours a ≠ b: it adds gⁱ·(1 + g)·(a + b), none of whose factors is zero. The prefix takes part, so a C for an R is
/// a wrong letter too; earlier check letters do not, so whole groups cannot trade places either.
enum CheckedLetters {
  /// Further groups that can be shown or read: 95 bits in all, where no two ids meet by chance or by search.
  static let extraGroupLimit = 4

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The value of a letter, case folded; O is read as 0, I and L as 1. U and all else is nil.
  static func value(of letter: UInt8) -> UInt8? {
    let upper = letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") ? letter - 0x20 : letter
    switch upper {
    case UInt8(ascii: "O"): return 0
    case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
    default: return alphabet.firstIndex(of: upper).map { UInt8($0) }
    }
  }

  /// Groups of four letters for the first bits of `hash`, joined by dashes. `prefix` is the value of the kind's letter.
  static func encode(_ hash: [UInt8], prefix: UInt8, extraGroups: Int) -> String {
    precondition((0...extraGroupLimit).contains(extraGroups), "0 to 4 further groups")
    return encode(data(of: hash, count: 7 + 3 * extraGroups), prefix: prefix)
  }

  /// Groups of four letters, joined by dashes, for a whole number of groups of data letters.
  static func encode(_ data: [UInt8], prefix: UInt8) -> String {
    var text: [UInt8] = []
    for index in data.indices {
      text.append(alphabet[Int(data[index])])
      if isGroupEnd(index) { text.append(alphabet[Int(check(data[...index], prefix: prefix))]) }
      if text.count % 5 == 4, index + 1 < data.count { text.append(UInt8(ascii: "-")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The values of the first `count` letters of `hash`, 5 bits each.
  static func data(of hash: [UInt8], count: Int) -> [UInt8] { (0..<count).map { letter(at: $0, of: hash) } }

  /// The data letters of a whole number of groups, dashes already taken out.
  static func decode(_ letters: [UInt8], prefix: UInt8) throws(ShownIDError) -> [UInt8] {
    guard letters.count >= 8, letters.count % 4 == 0, letters.count <= 8 + 4 * extraGroupLimit else {
      throw .malformed
    }
    var data: [UInt8] = []
    for (index, letter) in letters.enumerated() {
      guard index >= 7, index % 4 == 3 else {
        data.append(letter)
        continue
      }
      guard check(data[...], prefix: prefix) == letter else { throw .wrongCheckLetter }
    }
    return data
  }

  /// Whether `hash` begins with these data letters.
  static func begins(_ hash: [UInt8], with data: [UInt8]) -> Bool {
    data.indices.allSatisfy { letter(at: $0, of: hash) == data[$0] }
  }

  private static func isGroupEnd(_ index: Int) -> Bool { index >= 6 && index % 3 == 0 }

  /// Bits 5·index to 5·index + 4, counted from the first byte's highest.
  private static func letter(at index: Int, of hash: [UInt8]) -> UInt8 {
    let bit = index * 5
    let pair = UInt16(hash[bit / 8]) << 8 | UInt16(hash[bit / 8 + 1])
    return UInt8(pair >> UInt16(11 - bit % 8) & 31)
  }

  /// With n data letters, c = Σ gⁱ⁻ⁿ⁻¹·letterᵢ, by Horner's rule.
  private static func check(_ data: ArraySlice<UInt8>, prefix: UInt8) -> UInt8 {
    data.reduce(dividedByG(prefix)) { dividedByG($0 ^ $1) }
  }

  /// Times g⁻¹ in GF(2⁵): an odd value first gets the polynomial (0b100101) added, then x is taken out.
  private static func dividedByG(_ value: UInt8) -> UInt8 {
    (value & 1 == 0 ? value : value ^ 0b100101) >> 1
  }
}

// A short code of letters alone, with one check letter and no prefix.
extension CheckedLetters {
  static func checkLetter(of data: [UInt8]) -> UInt8 { check(data[...], prefix: 0) }

  static func text(_ letters: [UInt8]) -> String {
    String(decoding: letters.map { alphabet[Int($0)] }, as: UTF8.self)
  }
}
