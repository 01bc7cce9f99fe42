import Age
import Foundation
import Platform
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// A vault with a quorum: aigul (founder) and bolat (counsel), custodians c1, c2, … under one policy, and a record whose
/// identity bolat sealed.
final class QuorumOffice {
  let sample: SampleVault
  let bolat: MemberKey
  let custodians: [MemberKey]
  let policy: SHA256Hash
  let caseID: ThingID
  let record: ThingID

  init(_ threshold: Int = 2, of count: Int = 3, _ kind: KeyKind = .classic) throws {
    sample = try SampleVault(kind, quorum: false)
    bolat = try sample.admit("bolat", [.counsel])
    var custodians: [MemberKey] = []
    for number in 1...count { custodians.append(try sample.admit("c\(number)", [.custodian])) }
    self.custodians = custodians
    let plan = try sample.founder().quorumPlan(threshold, of: custodians.map(\.name.text), alone: false)
    policy = try sample.founder().setQuorum(plan).note
    for key in custodians { _ = try sample.session(key).acceptQuorum() }
    for key in [sample.founded.key, bolat] { try Self.confirm(custodians, by: sample.session(key)) }
    caseID = try sample.founder().openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    var draft = SealingTests.draft(caseID)
    draft.identityAttachments = [try AttachmentSource(sample.file("passport.png", Data("a passport".utf8)))]
    record = try #require(try sample.session(bolat).seal([draft]).first).id
  }

  static func confirm(_ custodians: [MemberKey], by session: Session) throws {
    for key in custodians { _ = try session.confirm(custodian: key.name.text, words: CheckWords.of(key.card().hash)) }
  }

  func counsel() throws -> Session { try sample.session(bolat) }
  func custodian(_ number: Int) throws -> Session { try sample.session(custodians[number - 1]) }

  static func now(plus seconds: Int64 = 3600) -> ClaimedTime { ClaimedTime(clamping: SystemClock.now() + seconds) }

  /// Asks for the record's identities, as bolat.
  @discardableResult
  func ask(until: ClaimedTime = now(), of record: ThingID? = nil) throws -> Requested {
    try counsel().request(RequestDraft(record: record ?? self.record, purpose: "a court", until: until))
  }

  func approve(_ asked: Requested, by numbers: Int...) throws {
    for number in numbers { _ = try custodian(number).approve([asked.id]) }
  }

  func open(_ asked: Requested, partly: Bool = false) throws -> OpenedIdentities {
    let session = try counsel()
    return try session.openIdentities(of: session.findRequest(asked.id.hash.description), partly: partly)
  }

  /// The share notes that a custodian's program would send, one for each identity.
  func notes(_ asked: Requested, of number: Int) throws -> [ShareNote?] {
    let session = try custodian(number)
    return try session.checkApproval(of: session.findRequest(asked.id.hash.description)).notes
  }

  /// An approval by a custodian's own hand, whatever is in it.
  func forge(_ asked: Requested, by key: MemberKey, sending notes: [ShareNote?]) throws {
    let fresh = try NativeRecipient(parsing: asked.body.recipient)
    try forge(asked.note, by: key, file: try ApprovalContent.seal(notes, to: fresh))
  }

  func forge(_ request: SHA256Hash, by key: MemberKey, file: [UInt8]) throws {
    let session = try sample.session(key)
    try session.write { writing in
      let circle = try session.circle(CircleName.custodians)
      try writing.stage(
        writing.chain.entry(
          .approve, by: key.signing, to: circle.body, circle.recipient,
          body: ApproveBody(request: request, shares: file).json))
    }
  }

  /// The shares of a version of the record as they lie in its lock file, opened with the custodians' own keys.
  func shares(of label: String = "1") throws -> [ShareNote] {
    let session = try counsel()
    let version = try #require(try session.history(of: record).version(labelled: label))
    let locks = try session.reader().locks.found(version.note).flatMap(\.note.locks)
    return try locks.compactMap { lock in
      guard case .share(let address) = lock.to else { return nil }
      let content = try AgeFile.open(lock.file.span, with: [custodians[address.number - 1].identity])
      return try ShareNote(parsing: content.bytes)
    }
  }

  /// Puts another lock file in the place of a version's own, by bolat, with these share notes for the custodians.
  func replaceShares(of label: String = "1", with notes: [ShareNote], by author: MemberKey? = nil) throws {
    let session = try counsel()
    let version = try #require(try session.history(of: record).version(labelled: label))
    let found = try session.reader().locks.found(version.note)
    let others = found.flatMap(\.note.locks).filter { $0.carries != .layer(.identity) }
    let shares = try notes.map { note in
      LocksNote.Lock(
        carries: .layer(.identity),
        to: .share(ShareAddress(number: note.claims.number, policy: note.claims.policy, set: note.claims.set)),
        file: try IdentitySplitting.seal(
          note.encoded.secret, to: custodians[note.claims.number - 1].identity.recipient))
    }
    for one in found { try FileManager.default.removeItem(at: sample.path(ObjectPlace(.locks, one.file))) }
    try SuccessorTests.forge(by: author ?? bolat, session, record, version.note, others + shares)
  }

  /// Signs a share note anew, with other words or claims.
  static func resign(
    _ note: ShareNote, by key: MemberKey, words: consuming Secret? = nil,
    _ change: (ShareClaims) -> ShareClaims = { $0 }
  ) throws -> ShareNote {
    guard let words else { return try ShareNote.sign(change(note.claims), words: note.words.secret, with: key.signing) }
    return try ShareNote.sign(change(note.claims), words: words, with: key.signing)
  }
}

extension ShareClaims {
  /// The same with some things otherwise.
  func with(
    author: SHA256Hash? = nil, vault: SHA256Hash? = nil, record: SHA256Hash? = nil, version: Int? = nil,
    object: SHA256Hash? = nil, policy: SHA256Hash? = nil, set: Int? = nil, number: Int? = nil,
    hashes: [SHA256Hash]? = nil
  ) -> ShareClaims {
    ShareClaims(
      author: author ?? self.author, vault: vault ?? self.vault, record: record ?? self.record,
      version: version ?? self.version, object: object ?? self.object, policy: policy ?? self.policy,
      set: set ?? self.set, number: number ?? self.number, salt: salt, hashes: hashes ?? self.hashes)
  }
}

extension VaultError {
  var accused: [Accusation] {
    switch self {
    case .shares(_, let accused): accused
    case .request(_, .tooFew(let shortfall)): shortfall.accused
    default: []
    }
  }

  var shortfall: Shortfall? {
    if case .request(_, .tooFew(let shortfall)) = self { shortfall } else { nil }
  }
}

/// The error that something ends with.
func failure(_ body: () throws -> Void, _ place: SourceLocation = #_sourceLocation) -> VaultError? {
  do {
    try body()
    Issue.record("nothing failed", sourceLocation: place)
    return nil
  } catch { return error as? VaultError }
}

func fault(_ what: Comment, _ place: SourceLocation = #_sourceLocation) {
  Issue.record(what, sourceLocation: place)
}

func bytes(of secret: borrowing Secret) -> [UInt8] { secret.bytes.copy() }

func hash(of words: borrowing Secret, number: Int, salt: [UInt8]) -> SHA256Hash {
  ShareClaims.hash(of: words.bytes, number: number, salt: salt)
}
