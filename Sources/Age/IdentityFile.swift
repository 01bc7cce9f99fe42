public import Sodium

/// An identity file: comments, blank lines and identities, one a line; or the same sealed with a passphrase.
public enum IdentityFile {
  /// The identities of an open file, in their order.
  ///
  /// Refused: a line that is neither comment nor identity (its number is told), and a file without one.
  public static func parse(_ text: borrowing Secret) throws(AgeError) -> [NativeIdentity] {
    let bytes = text.bytes
    var identities: [NativeIdentity] = []
    for (line, range) in KeyLines(bytes).keys {
      do {
        identities.append(try NativeIdentity(parsing: bytes.extracting(range)))
      } catch {
        throw .malformedKeyFile(line: line)
      }
    }
    guard !identities.isEmpty else { throw .noKeys }
    return identities
  }

  /// Where the comment lines stand in an open file: each from its `#` to before its line end.
  public static func comments(in text: borrowing Secret) -> [Range<Int>] { KeyLines(text.bytes).comments }

  /// Whether a file is sealed (an age file, binary or armored) rather than open text.
  public static func isSealed(_ file: Span<UInt8>) -> Bool {
    if Armor.isArmored(file) { return true }
    let mark = HeaderParser.versionLine
    guard file.count >= mark.count else { return false }
    for index in mark.indices where file[index] != mark[index] { return false }
    return true
  }

  /// The text of an identity file sealed with a passphrase, binary or armored.
  ///
  /// A wrong passphrase is `noMatch`. A file sealed to a key and not to a passphrase is `noMatch` too.
  public static func open(
    _ file: Span<UInt8>, passphrase: consuming Secret, maximumLogN: Int = ScryptIdentity.defaultMaximumLogN
  ) throws(AgeError) -> Secret {
    let identity = ScryptIdentity(passphrase: passphrase, maximumLogN: maximumLogN)
    guard Armor.isArmored(file) else { return try AgeFile.open(file, with: [identity]) }
    let binary = try Armor.decode(file)
    return try AgeFile.open(binary.span, with: [identity])
  }
}
