import Sodium

/// Judges which entries have effect: by the author's role at the point where each was written, by the circle that its type
/// goes to, by what endings say, and by what it rests on.
struct EntryJudging {
  let vault: SHA256Hash
  private var history: RosterHistory
  private let walks: ChainWalks
  private let epochs: [String: Set<SHA256Hash>]
  private let withoutEndings: Roster
  private var cuts: [[SHA256Hash]: (cut: Cut, isWhole: Bool)] = [:]
  var adopted: Set<SHA256Hash> = []

  private(set) var accepted: [VerifiedEntry] = []
  private(set) var refused: [(file: SHA256Hash, fault: EntryFault)] = []
  private(set) var late: [VerifiedEntry] = []
  private(set) var unknown: [VerifiedEntry] = []
  var cases: [ThingID: CaseBody] = [:]
  var contested: Set<ThingID> = []
  var contradicted: [SHA256Hash] = []
  var caseFiles: [ThingID: SHA256Hash] = [:]
  /// Every circle that some good entry names as the reviewers of a case.
  var caseCircles: [SHA256Hash: Set<String>] = [:]
  var manifests: [SHA256Hash: [VerifiedEntry]] = [:]
  var caseOfRecord: [SHA256Hash: SHA256Hash] = [:]
  /// By note hash: who asked for what.
  var requests: [SHA256Hash: (author: SHA256Hash, body: RequestBody)] = [:]
  /// The field devices that counsel named, by key hash.
  var kits: [SHA256Hash: Kit] = [:]
  /// Plain age files that were taken in, by their hash.
  var unsigned: Set<SHA256Hash> = []
  /// To whom shares were handed on, one after another.
  var shareHolders: [SharePlace: [SHA256Hash]] = [:]
  /// What every well-signed manifest says, whether or not it has effect.
  var heads: [SHA256Hash: ManifestHead] = [:]

  init(vault: SHA256Hash, history: RosterHistory, walks: ChainWalks, epochs: [String: Set<SHA256Hash>]) {
    self.vault = vault
    self.history = history
    self.walks = walks
    self.epochs = epochs
    self.withoutEndings = self.history.rosterWithoutEndings()
  }

  mutating func judge(_ good: [VerifiedEntry]) {
    let rosterFaults = Dictionary(history.faults.map { ($0.entry.note, $0.fault) }) { first, _ in first }
    for one in good { if let head = one.manifest { heads[one.note] = head } }
    // What others rest on comes first: adoptions, cases, first manifests, later ones, the rest.
    let reseals = Self.depths(of: good)
    let ordered = good.map { one in
      // Shares are handed on in the order in which their holders knew of each other.
      let depth = one.entry.type == .replace ? history.past.place(of: one.note) : reseals[one.note]
      return (Self.rank(one), depth ?? 0, one)
    }.sorted { left, right in
      (left.0, left.2.manifest?.version ?? 0, left.1, left.2.note)
        < (right.0, right.2.manifest?.version ?? 0, right.1, right.2.note)
    }
    for (_, _, one) in ordered {
      do throws(EntryFault) {
        if let fault = rosterFaults[one.note] { throw fault }
        if let declarer = walks.declaredVoid[one.note], isStanding(declarer) { throw .void }
        try checkStanding(one)
        if try apply(one) { accepted.append(one) } else { unknown.append(one) }
      } catch {
        if error == .late { late.append(one) }
        refused.append((one.file, error))
      }
    }
  }

  /// How many reseals each reseal rests on: what is resealed twice is judged in that order. Each way is walked once.
  private static func depths(of good: [VerifiedEntry]) -> [SHA256Hash: Int] {
    var replaced: [SHA256Hash: SHA256Hash] = [:]
    for one in good { if let before = one.manifest?.replaces { replaced[one.note] = before } }
    var depths: [SHA256Hash: Int] = [:]
    for start in replaced.keys {
      var way: [SHA256Hash] = []
      var note = start
      // A note cannot name one that comes of it, so no way leads in a circle.
      while depths[note] == nil, let before = replaced[note] {
        way.append(note)
        note = before
      }
      var depth = depths[note] ?? 0
      for one in way.reversed() {
        depth += 1
        depths[one] = depth
      }
    }
    return depths
  }

  private static func rank(_ one: VerifiedEntry) -> Int {
    switch one.entry.type {
    case .adopt: 0
    case _ where one.entry.type.makesRoster: 1
    case .case, .kit: 2
    case .seal, .request, .worker, .kitRevoke: 3
    case .amend: 4
    case .reseal: 5
    default: 6
    }
  }

  /// Who was who for the author of an entry. Where a roster entry that they knew is not here, the loss of one file must
  /// not take everything with it that was written after: then they are taken for what they ever were, and what ended them
  /// says by name how far their entries count.
  mutating func roster(at one: VerifiedEntry) -> Roster {
    let (cut, isWhole) = history.past.cut(of: one.entry, memory: &cuts)
    // What a counsel adopted counts by the role that its author had before the ending.
    if adopted.contains(one.note) { return withoutEndings }
    return isWhole ? history.roster(at: cut) : withoutEndings
  }

  private mutating func isStanding(_ one: VerifiedEntry) -> Bool {
    do throws(EntryFault) { try checkStanding(one) } catch { return false }
    return true
  }

  /// Whether the author was a member at that point, the circle's epoch one that the roster named, and no ending leaves
  /// the entry out.
  private mutating func checkStanding(_ one: VerifiedEntry) throws(EntryFault) {
    let entry = one.entry
    // The founder's entries name the epochs, so only theirs are taken without this.
    if history.isFounders(entry.author) {
      if let end = history.replaced[entry.author], !end.reached.contains(one.note) { throw .late }
      guard entry.type.makesRoster || entry.to.circle == CircleName.members else { throw .role }
      return
    }
    guard epochs[entry.to.circle]?.contains(entry.to.epoch) ?? false else { throw .otherAudience }
    // The roster's own entries were judged with it: one rule for both.
    if entry.type.makesRoster, history.isCounting(one.note) { return }
    let (cut, _) = history.past.cut(of: entry, memory: &cuts)
    guard let member = roster(at: one).members[entry.author] else { throw .role }
    if adopted.contains(one.note) { return }
    guard member.isActive else { throw .late }
    for ending in history.endings[entry.author] ?? [] where history.leavesOut(one, ending, knowing: cut) { throw .late }
  }

  mutating func require(_ role: Role, _ one: VerifiedEntry) throws(EntryFault) {
    guard roster(at: one).members[one.entry.author]?.holds(role) ?? false else { throw .role }
  }

  func require(_ circle: String, _ one: VerifiedEntry) throws(EntryFault) {
    guard one.entry.to.circle == circle else { throw .otherAudience }
  }

  func records() -> [ThingID: RecordHistory] {
    var records: [ThingID: RecordHistory] = [:]
    for (record, several) in manifests {
      guard let caseID = caseOfRecord[record] else { continue }
      let id = ThingID(kind: .record, hash: record)
      records[id] = RecordHistory(
        record: id, caseID: ThingID(kind: .case, hash: caseID), manifests: several)
    }
    return records
  }
}
