/// Why an age file, key or list was refused. No case carries content: line numbers, chunk numbers and limits only.
public enum AgeError: Error, Equatable, Sendable {
  // The header
  /// The file does not begin with the version line of an age file.
  case notAgeFile
  /// It is an age file of another version than v1.
  case unsupportedVersion
  /// The header ends before its last line, or the nonce behind it is cut short.
  case truncatedHeader
  /// A header line (counted from 1) is not as the specification has it.
  case malformedHeader(line: Int)
  /// A header line (counted from 1) is longer than this implementation reads.
  case headerLineTooLong(line: Int)
  /// The header is larger than this implementation reads.
  case headerTooLarge
  /// The header has more stanzas than this implementation reads or writes.
  case tooManyStanzas
  /// A stanza of a known type breaks the rules of that type.
  case malformedStanza(StanzaKind)
  /// A passphrase stanza stands beside another stanza, or a passphrase beside another recipient.
  case scryptNotAlone
  /// The passphrase stanza asks for more work (log2 N) than allowed. Nothing was computed.
  case tooMuchWork(logN: Int)
  /// The system did not give the memory scrypt needs.
  case outOfMemory
  /// None of the identities opens this file.
  case noMatch
  /// The header was altered: its MAC does not verify under the file key.
  case headerNotAuthentic

  // The payload
  /// A chunk (counted from 0) was altered, moved or cut short.
  case chunkNotAuthentic(UInt64)
  /// The file ends before its last chunk.
  case truncatedPayload
  /// The last chunk is empty though it is not the only one.
  case emptyLastChunk
  /// There are bytes behind the last chunk.
  case trailingData

  // Sealing
  /// There is nobody to seal to.
  case noRecipients
  /// Hybrid and classic recipients are not mixed in one file: the classic ones would undo what the hybrid ones promise.
  case mixedKinds
  /// A recipient's key is not usable.
  case unusableRecipient

  // Text forms
  /// The armor is not strict; the line is counted from 1.
  case malformedArmor(line: Int)
  /// Not a Bech32 text: character, case, separator or padding.
  case malformedBech32
  /// A Bech32 text with a typing error in it.
  case bech32Checksum
  /// Not a recipient of a known kind (`age1…`, `age1pq1…`).
  case unknownRecipient
  /// Not an identity of a known kind (`AGE-SECRET-KEY-1…`, `AGE-SECRET-KEY-PQ-1…`).
  case unknownIdentity
  /// A line (counted from 1) of an identity or recipient file is neither comment nor key.
  case malformedKeyFile(line: Int)
  /// An identity or recipient file without a key.
  case noKeys

  /// The stanza types this implementation knows.
  public enum StanzaKind: String, Sendable { case x25519 = "X25519", scrypt, mlkem768x25519 }

  /// The classes of outcome of the age test vectors (c2sp.org/CCTV/age).
  public enum Outcome: String, Sendable {
    case headerFailure = "header failure"
    case hmacFailure = "HMAC failure"
    case noMatch = "no match"
    case payloadFailure = "payload failure"
    case armorFailure = "armor failure"
  }

  /// The class of this failure; nil for what cannot happen while opening a file.
  public var outcome: Outcome? {
    switch self {
    case .notAgeFile, .unsupportedVersion, .truncatedHeader, .malformedHeader, .headerLineTooLong,
      .headerTooLarge,
      .tooManyStanzas, .malformedStanza, .scryptNotAlone, .tooMuchWork, .outOfMemory:
      .headerFailure
    case .noMatch: .noMatch
    case .headerNotAuthentic: .hmacFailure
    case .chunkNotAuthentic, .truncatedPayload, .emptyLastChunk, .trailingData: .payloadFailure
    case .malformedArmor: .armorFailure
    case .noRecipients, .mixedKinds, .unusableRecipient, .malformedBech32, .bech32Checksum, .unknownRecipient,
      .unknownIdentity, .malformedKeyFile, .noKeys:
      nil
    }
  }
}
