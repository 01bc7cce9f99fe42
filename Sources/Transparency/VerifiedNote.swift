public import Sodium

/// A note that at least one known key has signed. There is no other way to one than `SignedNote.verified(by:)`.
public struct VerifiedNote: Hashable, Sendable {
  /// The note as it came, lines of unknown keys included.
  public let note: SignedNote
  /// The known keys that signed it, in the order of their lines, each once.
  public let signers: [NoteVerifier]
  /// The line of each signer, in the same order.
  public let signatures: [NoteSignature]

  fileprivate init(note: SignedNote, signers: [NoteVerifier], signatures: [NoteSignature]) {
    self.note = note
    self.signers = signers
    self.signatures = signatures
  }

  /// The signed bytes.
  public var text: [UInt8] { note.text }

  /// The hash by which a sealed note by `signer` is called, or nil where that key has not signed.
  public func hash(signedBy signer: NoteVerifier) -> SHA256Hash? {
    signers.firstIndex(of: signer).map { note.hash(with: signatures[$0]) }
  }

  /// The note with the verified lines only.
  public var withoutUnknownSignatures: SignedNote { SignedNote(text: note.text, signatures: signatures) }
}

extension SignedNote {
  /// Verifies the lines that name one of `verifiers`; lines of unknown keys are ignored (a second algorithm can come).
  ///
  /// Throws `badSignature` where such a line is not good, `repeatedSigner` where a key has two lines (a sealed note is
  /// called by its author's one line), and `notSigned` where none of the keys has a line. Key ids are short: where
  /// several verifiers share name and id, the line is good if one of them says so.
  public func verified(by verifiers: [NoteVerifier]) throws(NoteError) -> VerifiedNote {
    var signers: [NoteVerifier] = []
    var good: [NoteSignature] = []
    for (index, signature) in signatures.enumerated() {
      let named = verifiers.filter { $0.isNamed(by: signature) }
      if named.isEmpty { continue }
      guard let signer = named.first(where: { $0.key.verifies(signature.signature, of: text.span) })
      else { throw .badSignature(line: index + 1) }
      guard !signers.contains(signer) else { throw .repeatedSigner(line: index + 1) }
      signers.append(signer)
      good.append(signature)
    }
    guard !signers.isEmpty else { throw .notSigned }
    return VerifiedNote(note: self, signers: signers, signatures: good)
  }
}
