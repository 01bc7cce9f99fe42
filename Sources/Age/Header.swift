import Sodium

/// The header of an age file (c2sp.org/age, v1): who can open it, under a MAC.
public struct Header: Hashable, Sendable {
  /// Limits on what is read: a foreign header cannot ask for more.
  public static let maximumStanzas = 20, maximumLine = 4096, maximumSize = 64 * 1024

  /// The stanzas in their order, at least one.
  public let stanzas: [Stanza]
  /// HMAC-SHA-256 over the header up to and including `---`, 32 bytes.
  public let code: [UInt8]
  /// The bytes the MAC is over.
  private let authenticated: [UInt8]

  init(stanzas: [Stanza], code: [UInt8], authenticated: [UInt8]) {
    self.stanzas = stanzas
    self.code = code
    self.authenticated = authenticated
  }

  /// A header for a file key: the stanzas that wrap it, and the MAC under it.
  init(stanzas: [Stanza], fileKey: borrowing FileKey) {
    self.stanzas = stanzas
    authenticated = HeaderParser.versionLine + stanzas.flatMap(\.encoded) + Array("---".utf8)
    code = fileKey.headerCode(of: authenticated)
  }

  /// The header as it stands in the file, its last line feed included.
  public var encoded: [UInt8] {
    authenticated + [UInt8(ascii: " ")] + Base64.encode(code.span, padded: false) + [UInt8(ascii: "\n")]
  }

  /// Reads the header at the start of a file, of which `prefix` is at least the header or the first
  /// `maximumSize` bytes. `length` is where the payload begins.
  ///
  /// Refused: anything the ABNF does not allow, base64 that is not canonical, and what exceeds the limits.
  /// Nothing here is authentic yet: `unwrap` does that.
  public static func parse(_ prefix: Span<UInt8>) throws(AgeError) -> (header: Header, length: Int) {
    var parser = HeaderParser(position: 0)
    let header = try parser.parse(prefix)
    return (header, parser.position)
  }

  /// The file key, by the first identity that has a stanza here, and the header verified under it.
  ///
  /// Errors: `noMatch`; `headerNotAuthentic`; a known stanza that breaks its rules; a passphrase stanza beside another.
  public func unwrap(with identities: [any Identity]) throws(AgeError) -> FileKey {
    let scrypt = AgeError.StanzaKind.scrypt.rawValue
    if stanzas.count > 1, stanzas.contains(where: { $0.type == scrypt }) { throw .scryptNotAlone }
    for identity in identities {
      if let fileKey = try identity.unwrap(stanzas) {
        guard ConstantTime.equal(fileKey.headerCode(of: authenticated).span, code.span) else {
          throw .headerNotAuthentic
        }
        return fileKey
      }
    }
    throw .noMatch
  }
}
