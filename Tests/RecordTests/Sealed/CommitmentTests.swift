import Record
import Sodium
import Testing
import Transparency

struct CommitmentTests {
  static func secret(_ byte: UInt8) -> Secret {
    let bytes = [UInt8](repeating: byte, count: 32)
    return Secret(copying: bytes.span)
  }

  /// Computed with Python's hmac from the words of Docs/Format.md.
  @Test func aKnownCommitment() {
    let secret = Self.secret(1)
    let salt = Commitment.salt(layerSecret: secret, kind: .testimony, index: 0)
    let commitment = Commitment.to(
      kind: .testimony, record: Sample.record, version: 1, index: 0, length: 5, content: Sample.hash("hello"),
      salt: salt)
    #expect(commitment.description == "d0c86cf93daeecb5bf122285593b29fe43d30ee9bbc80591beb3752e64bfe227")
  }

  @Test func everyPartOfItCounts() {
    let secret = Self.secret(1)
    func commit(
      _ kind: CommittedKind = .attachment, _ record: SHA256Hash = Sample.record, _ version: Int = 1, _ index: Int = 0,
      _ length: UInt64 = 5, _ content: SHA256Hash = Sample.hash("hello")
    ) -> SHA256Hash {
      let salt = Commitment.salt(layerSecret: secret, kind: .attachment, index: 0)
      return Commitment.to(
        kind: kind, record: record, version: version, index: index, length: length, content: content, salt: salt)
    }
    let all = [
      commit(), commit(.identityAttachment), commit(.attachment, Sample.vault), commit(.attachment, Sample.record, 2),
      commit(.attachment, Sample.record, 1, 1), commit(.attachment, Sample.record, 1, 0, 6),
      commit(.attachment, Sample.record, 1, 0, 5, Sample.hash("hellp")),
    ]
    #expect(Set(all).count == all.count)
  }

  @Test func theTreeDoesNotTellHowManyThereAre() {
    let secret = Self.secret(2)
    let one = CommittedContent(length: 1, content: Sample.hash("1"))
    func root(_ files: [CommittedContent]) -> SHA256Hash {
      AttachmentTree.root(files, kind: .attachment, record: Sample.record, version: 1, layerSecret: secret)
    }
    let roots = [root([]), root([one]), root([one, one]), root(Array(repeating: one, count: 17))]
    #expect(Set(roots).count == 4)
    // Sixteen leaves, filled with commitments to nothing.
    let leaves = (0..<16).map { index -> [UInt8] in
      let kind = index == 0 ? CommittedKind.attachment : .none
      let salt = Commitment.salt(layerSecret: secret, kind: kind, index: index)
      return Commitment.to(
        kind: kind, record: Sample.record, version: 1, index: index, length: index == 0 ? 1 : 0,
        content: index == 0 ? Sample.hash("1") : SHA256Hash(of: []), salt: salt
      ).bytes
    }
    #expect(root([one]) == MerkleTree.root(of: leaves))
  }
}
