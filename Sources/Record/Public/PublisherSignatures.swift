public import Sodium
import Transparency

extension PublicNote {
  /// The numbers of the publishers whose good signatures stand on the note and count for it: of active ones, and of
  /// ended ones that `keys` lists this text for. Empty where there is none. Throws where such a signature is bad.
  public func publishers(under keys: KeysNote, vault: SHA256Hash) throws(RecordError) -> Set<Int> {
    let text = hash
    var numbers: [NoteVerifier: Int] = [:]
    do {
      for number in Array(keys.publishers.keys) + keys.ended.keys {
        guard let key = keys.believed(number, for: text) else { continue }
        numbers[try NoteVerifier(name: KeyName.publisher(number, of: vault), key: key)] = number
      }
      return Set(try note.verified(by: Array(numbers.keys)).signers.compactMap { numbers[$0] })
    } catch .notSigned { return [] } catch { throw .signature }
  }

  /// The same text with one more publisher's signature: how a note gathers as many as its threshold asks for.
  public func adding(publisher number: Int, of vault: SHA256Hash, with key: SigningKey) throws(RecordError)
    -> PublicNote
  {
    do {
      return PublicNote(
        self, signed: try note.adding(signatureBy: KeyName.publisher(number, of: vault), key: key))
    } catch { throw .note(error) }
  }
}
