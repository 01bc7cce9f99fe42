public import Sodium
public import Transparency

/// A checkpoint of a vault, as the registrar signed it: one line that pins the names of all its files (PROTOCOL, signed
/// notes). Beside what every checkpoint has it says its number and the text before it.
///
/// There are two ways to one: signing it, and `UnverifiedCheckpoint.verified(under:)`.
public struct VaultCheckpoint: Hashable, Sendable {
  public let number: Int
  /// The hash of the text before it; nil for the first.
  public let previous: SHA256Hash?
  /// The hash of its text: its name for the next, and its check words.
  public let hash: SHA256Hash
  public let verified: VerifiedCheckpoint

  public var size: Int { verified.checkpoint.size }
  public var root: SHA256Hash { verified.checkpoint.root }
  /// The root in base64, as it is read out or printed.
  public var encodedRoot: String { verified.checkpoint.encodedRoot }
  /// The file's bytes.
  public var encoded: [UInt8] { verified.note.encoded }

  /// Signs the checkpoint that follows `previous`.
  public init(of tree: NameTree, after previous: VaultCheckpoint?, vault: SHA256Hash, with registrar: SigningKey)
    throws(RecordError)
  {
    let name = KeyName.registrar(of: vault)
    let number = (previous?.number ?? 0) + 1
    let bytes: [UInt8]
    do {
      bytes = try Checkpoint(
        origin: name, size: tree.size, root: tree.root,
        extensions: ["number \(number)", "previous \(previous?.hash.description ?? "none")"]
      ).signed(as: name, with: registrar).encoded
    } catch { throw .field("checkpoint") }
    self = try UnverifiedCheckpoint(parsing: bytes.span, vault: vault).verified(by: registrar.verifyingKey)
  }

  fileprivate init(_ claims: UnverifiedCheckpoint, _ verified: VerifiedCheckpoint) {
    self.number = claims.number
    self.previous = claims.previous
    self.hash = claims.note.textHash
    self.verified = verified
  }
}

/// A checkpoint of a vault as it was read: well formed, and nothing else is known of it.
public struct UnverifiedCheckpoint: Sendable {
  public let note: SignedNote
  public let claims: Checkpoint
  public let number: Int
  public let previous: SHA256Hash?

  public init(parsing bytes: Span<UInt8>, vault: SHA256Hash) throws(RecordError) {
    do { note = try SignedNote(parsing: bytes) } catch { throw .note(error) }
    do { claims = try Checkpoint(parsing: note.text) } catch { throw .field("checkpoint") }
    guard claims.origin.utf8.elementsEqual(KeyName.registrar(of: vault).utf8) else { throw .otherVault }
    guard claims.extensions.count == 2, let number = Self.value(claims.extensions[0], "number "),
      let count = Int(number), 1...KeysNote.largest ~= count, String(count).utf8.elementsEqual(number.utf8)
    else { throw .field("number") }
    guard let previous = Self.value(claims.extensions[1], "previous ") else { throw .field("previous") }
    self.number = count
    self.previous = SHA256Hash(hex: previous)
    guard count == 1 ? previous == "none" : self.previous != nil else { throw .field("previous") }
    // Nothing is signed where nothing was added.
    guard claims.size > 0 else { throw .field("size") }
  }

  /// Verifies that the registrar signed it whose checkpoints count at this size.
  public func verified(under keys: KeysNote) throws(RecordError) -> VaultCheckpoint {
    try verified(by: keys.registrar(at: claims.size))
  }

  /// Whether a former or the present registrar signed it, where another one's checkpoints count.
  public func isByAnotherRegistrar(under keys: KeysNote) -> Bool {
    let counts = keys.registrar(at: claims.size)
    return (keys.endedRegistrars.map(\.key) + [keys.registrar]).contains {
      $0 != counts && (try? verified(by: $0)) != nil
    }
  }

  fileprivate func verified(by key: VerifyingKey) throws(RecordError) -> VaultCheckpoint {
    do {
      return VaultCheckpoint(self, try note.checkpoint(by: NoteVerifier(name: claims.origin, key: key)))
    } catch { throw .signature }
  }

  private static func value(_ line: String, _ name: String) -> String? {
    guard line.utf8.starts(with: name.utf8) else { return nil }
    return String(decoding: Array(line.utf8.dropFirst(name.utf8.count)), as: UTF8.self)
  }
}
