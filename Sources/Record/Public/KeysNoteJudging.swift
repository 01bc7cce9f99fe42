public import Sodium
import Transparency

/// A `keys` note as it was read: well formed, and nothing else is known of it.
public struct UnverifiedKeysNote: Sendable {
  public let note: PublicNote
  /// What it says; to be shown, not to be relied on.
  public let claims: KeysNote

  public var hash: SHA256Hash { note.hash }

  public init(parsing bytes: Span<UInt8>, vault: SHA256Hash) throws(RecordError) {
    self.note = try PublicNote(parsing: bytes, as: .keys)
    self.claims = try KeysNote(reading: note, vault: vault)
  }

  /// Who of those that may sign the successor of `before` has signed it well: the founder of that note, and the
  /// successors that it names. Throws where one of them has a line that is not good.
  public func signatures(after before: VerifiedKeysNote?, of vault: VaultNote) throws(RecordError) -> KeysSignatures {
    let founder = before?.keys.founder ?? vault.founder
    var byFounder = false
    var successors: Set<Int> = []
    do {
      let founderLine = try NoteVerifier(name: KeyName.founder(of: vault.id), key: founder)
      var lines: [NoteVerifier: Int] = [:]
      for number in before?.keys.succession.successors ?? [] {
        guard let key = before?.keys.publishers[number] else { continue }
        lines[try NoteVerifier(name: KeyName.publisher(number, of: vault.id), key: key)] = number
      }
      for signer in try note.note.verified(by: [founderLine] + lines.keys).signers {
        if signer == founderLine { byFounder = true } else if let number = lines[signer] { successors.insert(number) }
      }
    } catch .notSigned {} catch { throw .signature }
    return KeysSignatures(founder: byFounder, successors: successors)
  }

  /// What it is, behind the note that it names, with the good signatures of all files that hold this text.
  public func standing(after before: VerifiedKeysNote?, with signatures: KeysSignatures) throws(RecordError)
    -> KeysStanding
  {
    guard claims.previous == before?.hash else { throw .field("previous") }
    if let before { try claims.check(after: before.keys) }
    let need = before?.keys.succession.threshold ?? 0
    let isSuccession = before.map { need > 0 && claims.isSuccession(after: $0) } ?? false
    if isSuccession, signatures.successors.count >= need {
      return .good(VerifiedKeysNote(keys: claims, note: note, successors: signatures.successors))
    }
    if signatures.founder { return .good(VerifiedKeysNote(keys: claims, note: note, successors: nil)) }
    guard isSuccession, !signatures.successors.isEmpty else { throw .signature }
    return .awaiting(signatures.successors, need: need)
  }
}

/// Whose good signatures were found on a `keys` note. There is no other way to one than `UnverifiedKeysNote.signatures`.
public struct KeysSignatures: Sendable {
  public private(set) var founder: Bool
  public private(set) var successors: Set<Int>

  public var isEmpty: Bool { !founder && successors.isEmpty }

  fileprivate init(founder: Bool, successors: Set<Int>) {
    self.founder = founder
    self.successors = successors
  }

  public mutating func formUnion(_ other: KeysSignatures) {
    founder = founder || other.founder
    successors.formUnion(other.successors)
  }
}

/// What a well-signed `keys` note is.
public enum KeysStanding: Sendable {
  case good(VerifiedKeysNote)
  /// A succession that fewer of the successors have signed than the note before asks for.
  case awaiting(Set<Int>, need: Int)
}

/// A `keys` note that was signed by who may sign it behind the one before it.
public struct VerifiedKeysNote: Sendable {
  public let keys: KeysNote
  public let note: PublicNote
  /// The numbers of the publishers whose succession it is; nil where the founder signed it.
  public let successors: Set<Int>?

  public var hash: SHA256Hash { note.hash }
  public var isSuccession: Bool { successors != nil }

  fileprivate init(keys: KeysNote, note: PublicNote, successors: Set<Int>?) {
    self.keys = keys
    self.note = note
    self.successors = successors
  }
}
