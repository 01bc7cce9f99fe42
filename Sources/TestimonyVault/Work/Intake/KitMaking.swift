public import Platform
public import Record
public import Sodium
import Age
import Publishing

/// What a new kit is for.
public struct KitPlan: Sendable {
  public let worker: PersonName
  public let until: ClaimedTime
  public let rule: SafetyRule
  /// The case that its notes go to; nil where that is asked at intake.
  public let caseID: ThingID?
  public let language: String
  public let form: [(name: String, question: String)]

  public init(
    worker: PersonName, until: ClaimedTime, rule: SafetyRule, caseID: ThingID?, language: String,
    form: [(name: String, question: String)]
  ) {
    self.worker = worker
    self.until = until
    self.rule = rule
    self.caseID = caseID
    self.language = language
    self.form = form
  }
}

/// A kit that was made: what its card says.
public struct MadeKit: Sendable {
  public let kit: SHA256Hash
  /// Counsel's recipient, for a note that is sealed by other means.
  public let counsel: String
  let folder: KeyFolder
  let files: [(PathBytes, [UInt8])]

  public static let cardName: PathBytes = "card.txt"

  /// Puts the page that goes with it beside its files, and packs all of them into one file to carry, `FOLDER.tar`.
  /// - Returns: the packed file's path.
  public func finish(card: String) throws(VaultError) -> PathBytes {
    let all = files + [(Self.cardName, Array(card.utf8))]
    try folder.write(Self.cardName, Array(card.utf8), replacing: false)
    let path = PathBytes(bytes: folder.path.bytes + Array(".tar".utf8))
    var archive: [UInt8] = []
    for (name, bytes) in all {
      guard let header = UstarHeader(file: folder.path.last.appending(name).bytes, size: UInt64(bytes.count)) else {
        throw .system(SystemError(code: 36, call: "ustar"), at: path.description)
      }
      archive += header.encoded + bytes + [UInt8](repeating: 0, count: header.padding)
    }
    archive += [UInt8](repeating: 0, count: 2 * UstarHeader.blockSize)
    try KeyFolder(opening: path.parent).write(path.last, archive, replacing: false)
    return path
  }
}

extension Session {
  /// The field devices that a name means: each worker has one of a name.
  public func kit(named name: String) throws(VaultError) -> Kit {
    // Two that were made apart under one name: the same one on every machine.
    guard let kit = kits.first(where: { $0.worker?.name.utf8.elementsEqual(name.utf8) ?? false }) else {
      throw .kit(.noSuchKit(name))
    }
    return kit
  }

  /// The number under which the caller speaks for the vault in public.
  func ownPublisher() throws(VaultError) -> Int {
    guard let number = open.keys?.publishers.first(where: { $0.value == key.publisher.verifyingKey })?.key else {
      throw .needsRole(.counsel)
    }
    return number
  }

  /// Makes a kit in a new folder, and tells the log of it. The folder comes first: a kit that the log does not know seals
  /// nothing that is taken in, and one that the log knows and nobody has does no harm.
  /// - Parameter logN: the work of its passphrase file.
  public func makeKit(_ plan: KitPlan, in path: PathBytes, passphrase: borrowing Secret, logN: Int)
    throws(VaultError) -> MadeKit
  {
    try require(.counsel)
    guard plan.until > ClaimedTime(clamping: SystemClock.now()) else { throw .kit(.endsInThePast) }
    if (try? kit(named: plan.worker.text)) != nil { throw .kit(.kitExists(plan.worker.text)) }
    if let caseID = plan.caseID, log.cases[caseID] == nil { throw .notHere(caseID.shown()) }
    let quorum = try sealingQuorum()
    guard let keys = open.keys else { throw .missing(Place("public/vault")) }
    let made = MemberKey.make(plan.worker, kind: kind, vault: note.id)
    let papers = try papers(of: made, plan, quorum, publisher: ownPublisher())
    let keyFile = try KeyFile.seal(made, passphrase: passphrase, logN: logN)
    let files = [(PathBytes("\(plan.worker.text).key"), keyFile)] + papers
    let folder = try Self.makeFolder(path, with: files)
    do throws(VaultError) { try tell(made, plan, keys.counsel, quorum.policy.note) } catch {
      // What the log does not know is not left behind.
      for (name, _) in files { folder.remove(name) }
      try? folder.root.removeDirectory(FieldKit.outboxName)
      throw error
    }
    return MadeKit(kit: made.hash, counsel: keys.counsel, folder: folder, files: files)
  }

  /// What the kit carries beside its key, by file name.
  private func papers(of made: MemberKey, _ plan: KitPlan, _ quorum: SealingQuorum, publisher: Int)
    throws(VaultError) -> [(PathBytes, [UInt8])]
  {
    let recipients = (1...quorum.policy.body.custodians.count).map { number in
      quorum.holders.first { $0.number == number }?.member.admission.card.recipient
    }
    do {
      let custodians = try KitNote.Quorum(
        policy: quorum.policy.note, threshold: quorum.policy.body.threshold, recipients: recipients)
      let kitNote = KitNote(
        vaultNote: String(decoding: note.encoded, as: UTF8.self), keysNotes: keysTexts, publisher: publisher,
        kit: made.hash, worker: plan.worker, until: plan.until, rule: plan.rule, quorum: custodians,
        language: plan.language, form: plan.form, time: ClaimedTime(clamping: SystemClock.now()))
      let signed = try kitNote.signed(in: note.id, with: key.publisher)
      return [
        (Outbox.fileName(plan.worker), try Outbox(vault: note.id).sealed(for: made)),
        (FieldKit.fileName(plan.worker), try AgeFile.seal(signed.encoded.span, to: [made.identity.recipient])),
      ]
    } catch { throw VaultError(error) }
  }

  /// The `keys` notes along the founder's signatures, whole.
  var keysTexts: [String] { open.path.map { String(decoding: $0.note.encoded, as: UTF8.self) } }

  private static func makeFolder(_ path: PathBytes, with files: [(PathBytes, [UInt8])]) throws(VaultError) -> KeyFolder
  {
    do throws(SystemError) { _ = try Directory.create(path) } catch {
      guard error.isExists else { throw .system(error, at: path.description) }
      throw .kit(.folderThere(Place(path.description)))
    }
    let folder = try KeyFolder(making: path)
    do { _ = try folder.root.makeDirectory(FieldKit.outboxName) } catch { throw .system(error, at: path.description) }
    for (name, bytes) in files { try folder.write(name, bytes, replacing: false) }
    return folder
  }

  private func tell(_ made: MemberKey, _ plan: KitPlan, _ counselText: String, _ policy: SHA256Hash) throws(VaultError)
  {
    try write { writing in
      if (try? self.kit(named: plan.worker.text)) != nil { throw VaultError.kit(.kitExists(plan.worker.text)) }
      let members = try self.circle(CircleName.members)
      let counsel = try self.circle(CircleName.counsel)
      try writing.stage(
        writing.chain.entry(
          .kit, by: self.key.signing, to: members.body, members.recipient,
          body: KitBody(key: made.signing.verifyingKey, until: plan.until).json))
      try writing.stage(
        writing.chain.entry(
          .worker, by: self.key.signing, to: counsel.body, counsel.recipient,
          body: WorkerBody(
            kit: made.hash, name: plan.worker, receipts: made.identity.recipient.text, rule: plan.rule,
            counsel: KeyHash.ofRecipient(counselText), policy: policy, caseID: plan.caseID?.hash
          ).json))
    }
  }
}
