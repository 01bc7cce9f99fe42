public import Sodium

/// What a `keys` note in `public/vault/` says: what changes over time and anyone may know (PROTOCOL, signed notes).
/// Numbered; each names the one before it. These are words to sign, or a peer's claims: what is believed is a
/// `VerifiedKeysNote`.
public struct KeysNote: Equatable, Sendable {
  /// How many publishers must sign for each kind of public act.
  public struct Thresholds: Equatable, Sendable {
    public var publish = 1
    public var retract = 1
    public var erase = 1
    public var replace = 1

    public init() {}
  }

  /// A publisher that speaks no more. It is believed for what it had signed, by text hash, and for nothing else.
  public struct EndedPublisher: Equatable, Sendable {
    public let key: VerifyingKey
    public var signed: Set<SHA256Hash>

    public init(key: VerifyingKey, signed: Set<SHA256Hash>) {
      self.key = key
      self.signed = signed
    }
  }

  /// A former registrar. Its checkpoints count up to the tree of `size` names with this root.
  public struct EndedRegistrar: Equatable, Sendable {
    public let key: VerifyingKey
    public let size: Int
    public let root: SHA256Hash

    public init(key: VerifyingKey, size: Int, root: SHA256Hash) {
      self.key = key
      self.size = size
      self.root = root
    }
  }

  /// How many of which publishers put a new founder key in place; 0: there is no such rule.
  public struct Succession: Equatable, Sendable {
    public var threshold = 0
    public var successors: Set<Int> = []

    public init() {}
    public init(threshold: Int, successors: Set<Int>) {
      self.threshold = threshold
      self.successors = successors
    }
  }

  public var number: Int
  /// The hash of the text before it; nil for the first.
  public var previous: SHA256Hash?
  public var format: String
  /// The founder's key from this note on. A note that changes it is signed by the one before, or by the successors.
  public var founder: VerifyingKey
  public internal(set) var publishers: [Int: VerifyingKey]
  public internal(set) var ended: [Int: EndedPublisher] = [:]
  public var thresholds: Thresholds
  public internal(set) var registrar: VerifyingKey
  /// In the order in which they handed over.
  public internal(set) var endedRegistrars: [EndedRegistrar] = []
  public var succession = Succession()
  /// Counsel's recipient, for drops: the Bech32 text of counsel's circle key.
  public var counsel: String

  /// The largest note, in bytes, with room for signatures to come.
  static let limit = (1 << 20) - (8 << 10)
  /// The largest number, count and threshold.
  static let largest = 1_000_000

  public init(
    number: Int, previous: SHA256Hash?, founder: VerifyingKey, publishers: [Int: VerifyingKey],
    thresholds: Thresholds = .init(), registrar: VerifyingKey, counsel: String
  ) {
    self.number = number
    self.previous = previous
    self.format = VaultNote.format
    self.founder = founder
    self.publishers = publishers
    self.thresholds = thresholds
    self.registrar = registrar
    self.counsel = counsel
  }

  /// The same words as the successor of the note of that text: the next number, everything else to be changed.
  public func following(_ hash: SHA256Hash) -> KeysNote {
    var next = self
    next.number += 1
    next.previous = hash
    return next
  }

  /// The key by which the signature of publisher `number` on a text counts; nil where it does not: a number that was
  /// never given, or an ended one, for a text that it was not listed for.
  public func believed(_ number: Int, for text: SHA256Hash) -> VerifyingKey? {
    if let key = publishers[number] { return key }
    guard let former = ended[number], former.signed.contains(text) else { return nil }
    return former.key
  }

  /// Gives a key the next number, above all that were ever given and above `taken`, and returns it.
  public mutating func add(publisher key: VerifyingKey, above taken: Int = 0) -> Int {
    let number = max(taken, publishers.keys.max() ?? 0, ended.keys.max() ?? 0) + 1
    publishers[number] = key
    return number
  }

  /// Ends an active publisher: from now on it is believed for the texts in `signed` only. It is no successor any more;
  /// where then fewer are left than the rule of succession asks for, the note cannot be signed before that is changed.
  ///
  /// Throws where the number is not active.
  public mutating func end(publisher number: Int, signed: Set<SHA256Hash>) throws(RecordError) {
    guard let key = publishers.removeValue(forKey: number) else { throw .field("publisher") }
    ended[number] = EndedPublisher(key: key, signed: signed)
    succession.successors.remove(number)
  }

  /// Gives another key the registrar's place. What the former one signed counts up to the tree of `size` names.
  public mutating func handOver(registrar key: VerifyingKey, at size: Int, root: SHA256Hash) {
    if key == registrar { return }
    endedRegistrars.append(EndedRegistrar(key: registrar, size: size, root: root))
    registrar = key
  }

  /// The key whose checkpoints of `size` names count: each registrar has its stretch of the tree.
  public func registrar(at size: Int) -> VerifyingKey {
    endedRegistrars.first { size <= $0.size }?.key ?? registrar
  }

  /// Refuses what contradicts itself.
  func check() throws(RecordError) {
    guard 1...Self.largest ~= number else { throw .field("number") }
    guard (number == 1) == (previous == nil) else { throw .field("previous") }
    guard publishers.keys.allSatisfy({ 1...Self.largest ~= $0 && ended[$0] == nil }) else { throw .field("publisher") }
    guard ended.keys.allSatisfy({ 1...Self.largest ~= $0 }) else { throw .field("ended") }
    let keys = Array(publishers.values) + ended.values.map(\.key)
    guard Set(keys).count == keys.count else { throw .field("publisher") }
    for (name, count) in [
      ("publish", thresholds.publish), ("retract", thresholds.retract), ("erase", thresholds.erase),
      ("replace", thresholds.replace),
    ] where !(1...Self.largest ~= count) { throw .field(name) }
    guard succession.successors.allSatisfy({ publishers[$0] != nil }) else { throw .field("successor") }
    guard 0...succession.successors.count ~= succession.threshold else { throw .field("succession") }
    var size = 0
    let next = endedRegistrars.dropFirst().map(\.key) + [registrar]
    for (former, next) in zip(endedRegistrars, next) {
      guard former.key != next, former.size >= size, former.size > 0 || former.root == Self.emptyRoot else {
        throw .field("ended-registrar")
      }
      size = former.size
    }
  }

  /// Refuses what takes back what the note before it said for good: a number keeps its key, and ended stays ended; a
  /// registrar that is replaced is told up to where it counts.
  func check(after before: KeysNote) throws(RecordError) {
    guard number == before.number + 1 else { throw .field("number") }
    for (number, key) in before.publishers {
      guard publishers[number] == key || ended[number]?.key == key else { throw .field("publisher") }
    }
    for (number, former) in before.ended where ended[number]?.key != former.key { throw .field("ended") }
    let old = before.endedRegistrars
    guard endedRegistrars.starts(with: old), endedRegistrars.count <= old.count + 1 else {
      throw .field("ended-registrar")
    }
    let handedOver = endedRegistrars.count > old.count
    guard handedOver == (registrar != before.registrar), !handedOver || endedRegistrars.last?.key == before.registrar
    else { throw .field("registrar") }
  }

  /// Whether it puts another founder's key in place and changes nothing else: what successors may do. Who speaks in public
  /// and by which rules is the new founder's to say.
  func isSuccession(after before: VerifiedKeysNote) -> Bool {
    if founder == before.keys.founder { return false }
    var expected = before.keys.following(before.hash)
    expected.founder = founder
    return self == expected
  }

  /// The root of the tree of no names.
  static let emptyRoot = SHA256Hash(of: [UInt8]())
}
