import Sodium

/// One signature line of a signed note (c2sp.org/signed-note): "— name base64(key id, signature)".
///
/// It is a claim. Only `SignedNote.verified(by:)` says whether it holds.
public struct NoteSignature: Hashable, Sendable {
  /// The key's name: not empty; no Unicode space, plus sign or control character. Compared byte by byte.
  public let name: String
  /// The key's id: 4 bytes, a hint that tells keys of one name apart.
  public let keyID: [UInt8]
  /// The signature: 64 bytes for Ed25519, any number for an algorithm that is not known here.
  public let signature: [UInt8]
  /// The whole line in bytes, its newline included.
  public let line: [UInt8]

  /// The longest line that is read, in bytes: a post-quantum signature of 5 kB fits twice.
  public static let lineLimit = 16 << 10

  init(name: String, keyID: [UInt8], signature: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
    line =
      Self.dash + Array(name.utf8) + [Self.space] + Base64.encode((keyID + signature).span, padded: true) + [
        Self.newline
      ]
  }

  /// The line of a key's own signature, 64 bytes: of a text that is no `SignedNote` because it stands in guarded memory.
  public init(by verifier: NoteVerifier, signature: [UInt8]) {
    self.init(name: verifier.name, keyID: verifier.keyID, signature: signature)
  }

  /// Reads one line without its newline. Nil where it is anything but a signature line in its one spelling.
  init?(parsing line: Span<UInt8>) {
    guard line.count > Self.dash.count, line.count < Self.lineLimit else { return nil }
    for index in Self.dash.indices where line[index] != Self.dash[index] { return nil }
    let rest = line.extracting(droppingFirst: Self.dash.count)
    guard let end = rest.indices.first(where: { rest[$0] == Self.space }) else { return nil }
    guard let nameBytes = try? UTF8Span(validating: rest.extracting(first: end)) else { return nil }
    let name = String(copying: nameBytes)
    guard Self.isName(name), let decoded = Base64.decode(rest.extracting(droppingFirst: end + 1), padded: true),
      decoded.count > 4
    else { return nil }
    self.init(name: name, keyID: Array(decoded[..<4]), signature: Array(decoded[4...]))
  }

  /// Whether `name` can be a key's name.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
      }
  }

  // The line spells name, key id and signature in one way, so it decides; String's == would call NFC and NFD the same.
  public static func == (left: Self, right: Self) -> Bool { left.line == right.line }
  public func hash(into hasher: inout Hasher) { hasher.combine(line) }

  private static let dash = Array("\u{2014} ".utf8)
  private static let space = UInt8(ascii: " ")
  private static let newline = UInt8(ascii: "\n")
}
