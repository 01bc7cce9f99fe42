import Sodium

/// Somebody a file can be sealed to.
public protocol Recipient: Sendable {
  /// The stanzas that wrap the file key for this recipient, freshly made.
  func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza]
  /// What else may stand beside this recipient in one header.
  var company: Company { get }
}

/// What recipients may share a header: all of one company, and one that is alone only with itself.
public enum Company: Sendable, Equatable { case classic, postQuantum, alone }

/// Somebody who can open what was sealed to him.
public protocol Identity: Sendable {
  /// The file key. Nil: no stanza is mine. An error: one is, and it is broken.
  func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey?
}

/// A list of recipients that may stand in one header.
struct RecipientList {
  let recipients: [any Recipient]

  /// Refused: nobody, more than a header holds, hybrid beside classic, a passphrase beside anything.
  init(_ recipients: [any Recipient]) throws(AgeError) {
    guard let first = recipients.first else { throw .noRecipients }
    guard recipients.count <= Header.maximumStanzas else { throw .tooManyStanzas }
    if recipients.count > 1 {
      if recipients.contains(where: { $0.company == .alone }) { throw .scryptNotAlone }
      guard recipients.allSatisfy({ $0.company == first.company }) else { throw .mixedKinds }
    }
    self.recipients = recipients
  }

  /// The header that wraps a file key for all of them.
  func header(for fileKey: borrowing FileKey) throws(AgeError) -> Header {
    var stanzas: [Stanza] = []
    for recipient in recipients { stanzas += try recipient.wrap(fileKey) }
    guard stanzas.count <= Header.maximumStanzas else { throw .tooManyStanzas }
    return Header(stanzas: stanzas, fileKey: fileKey)
  }
}
