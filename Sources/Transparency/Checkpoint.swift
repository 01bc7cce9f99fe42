public import Sodium

/// What a checkpoint says of a tree (c2sp.org/tlog-checkpoint): whose it is, how many leaves it has, and its root.
///
/// The text is a line for each: the origin, the size in decimal, the root in base64, then extension lines, any number,
/// none of them empty. Refused are other spellings of a number or a root, and a root that is no SHA-256 hash. This is a
/// claim: `SignedNote.checkpoint(by:)` says whether it was signed.
public struct Checkpoint: Hashable, Sendable {
  /// The log's name: one line, not empty.
  public let origin: String
  /// The number of leaves.
  public let size: Int
  /// The RFC 6962 root over them.
  public let root: SHA256Hash
  /// Opaque lines, without their newlines.
  public let extensions: [String]

  /// Throws `origin` or `extension` where that is not one line that a note can hold.
  public init(origin: String, size: Int, root: SHA256Hash, extensions: [String] = []) throws(CheckpointError) {
    guard size >= 0 else { throw .size }
    guard Self.isLine(origin) else { throw .origin }
    for (index, line) in extensions.enumerated() where !Self.isLine(line) { throw .extension(index + 1) }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads a checkpoint's text, its last newline included.
  public init(parsing text: [UInt8]) throws(CheckpointError) {
    do { try SignedNote.check(text.span) } catch { throw .note(error) }
    let lines = text.dropLast().split(separator: newline, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard lines.count > 1, let size = Int(lines[1]), size >= 0, String(size).utf8.elementsEqual(lines[1].utf8) else {
      throw .size
    }
    guard lines.count > 2 else { throw .root }
    let encoded = Array(lines[2].utf8)
    guard let bytes = Base64.decode(encoded.span, padded: true), let root = SHA256Hash(bytes: bytes) else {
      throw .root
    }
    try self.init(origin: lines[0], size: size, root: root, extensions: Array(lines[3...]))
  }

  /// The text that is signed.
  public var text: [UInt8] {
    Array(([origin, String(size), encodedRoot] + extensions).map { $0 + "\n" }.joined().utf8)
  }

  /// The root as it stands in the text.
  public var encodedRoot: String {
    let bytes = root.bytes
    return String(decoding: Base64.encode(bytes.span, padded: true), as: UTF8.self)
  }

  /// Signed under `name`: a log's key bears the log's origin, and so does a cosigner's its own name.
  public func signed(as name: String, with key: SigningKey) throws(NoteError) -> SignedNote {
    try SignedNote.sign(text: text, name: name, key: key)
  }

  private static func isLine(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 } }
}

/// Why a text is no checkpoint, or a checkpoint is not believed.
public enum CheckpointError: Error, Equatable, Sendable {
  /// It is no note's text, or the signature that must be there is not, or not good.
  case note(NoteError)
  case origin
  case size
  case root
  /// Extension line `line`, counted from 1, is empty, or holds control characters.
  case `extension`(Int)
}

/// A checkpoint that a known key has signed. There is no other way to one than `SignedNote.checkpoint(by:)`.
public struct VerifiedCheckpoint: Hashable, Sendable {
  public let checkpoint: Checkpoint
  /// The note as it came.
  public let note: SignedNote

  fileprivate init(checkpoint: Checkpoint, note: SignedNote) {
    self.checkpoint = checkpoint
    self.note = note
  }
}

extension SignedNote {
  /// Reads the text as a checkpoint and verifies that `verifier` signed it, and that it is of the log of that name.
  public func checkpoint(by verifier: NoteVerifier) throws(CheckpointError) -> VerifiedCheckpoint {
    let checkpoint = try Checkpoint(parsing: text)
    guard checkpoint.origin.utf8.elementsEqual(verifier.name.utf8) else { throw .origin }
    do { _ = try verified(by: [verifier]) } catch { throw .note(error) }
    return VerifiedCheckpoint(checkpoint: checkpoint, note: self)
  }
}
