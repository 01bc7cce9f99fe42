public import Sodium
import Transparency

/// A `keys` note in `public/vault/`: what changes over time and anyone may know. Numbered, signed by the founder's key.
public struct KeysNote: Sendable {
  /// How many publishers must sign for each kind of public act.
  public struct Thresholds: Equatable, Sendable {
    public var publish = 1
    public var retract = 1
    public var erase = 1
    public var replace = 1

    public init() {}
  }

  public var number: Int
  /// The hash of the text before it; nil for the first.
  public var previous: SHA256Hash?
  public var format: String
  public var publishers: [Int: VerifyingKey]
  public var thresholds: Thresholds
  public var registrar: VerifyingKey
  /// Counsel's recipient, for drops: the Bech32 text of counsel's circle key.
  public var counsel: String

  public init(
    number: Int, previous: SHA256Hash?, publishers: [Int: VerifyingKey], thresholds: Thresholds,
    registrar: VerifyingKey, counsel: String
  ) {
    self.number = number
    self.previous = previous
    self.format = VaultNote.format
    self.publishers = publishers
    self.thresholds = thresholds
    self.registrar = registrar
    self.counsel = counsel
  }

  public func signed(for vault: SHA256Hash, with founder: SigningKey) throws(RecordError) -> PublicNote {
    var fields = [
      PublicNote.Field("vault", vault.description), PublicNote.Field("number", String(number)),
      PublicNote.Field("previous", previous?.description ?? "none"), PublicNote.Field("format", format),
    ]
    for (number, key) in publishers.sorted(by: { $0.key < $1.key }) {
      fields.append(PublicNote.Field("publisher", "\(number) \(Hex.encode(key.bytes))"))
    }
    fields += [
      PublicNote.Field("publish", String(thresholds.publish)), PublicNote.Field("retract", String(thresholds.retract)),
      PublicNote.Field("erase", String(thresholds.erase)), PublicNote.Field("replace", String(thresholds.replace)),
      PublicNote.Field("registrar", Hex.encode(registrar.bytes)), PublicNote.Field("counsel", counsel),
    ]
    return try PublicNote(.keys, fields, as: KeyName.founder(of: vault), with: founder)
  }

  /// Reads and verifies: signed by `founder` for `vault`.
  public init(_ note: PublicNote, vault: SHA256Hash, founder: VerifyingKey) throws(RecordError) {
    guard try note.value("vault") == vault.description else { throw .otherVault }
    do {
      _ = try note.note.verified(by: [NoteVerifier(name: KeyName.founder(of: vault), key: founder)])
    } catch { throw .signature }
    self.number = try note.count("number")
    let previous = try note.value("previous")
    self.previous = SHA256Hash(hex: previous)
    guard (number == 1) == (previous == "none"), number == 1 || self.previous != nil else { throw .field("previous") }
    self.format = try note.value("format")
    self.publishers = [:]
    for line in note.values("publisher") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let number = Int(parts[0]), number > 0, publishers[number] == nil,
        let bytes = Hex.decode(Array(parts[1].utf8)), let key = VerifyingKey(bytes: bytes)
      else { throw .field("publisher") }
      publishers[number] = key
    }
    self.thresholds = Thresholds()
    thresholds.publish = try note.count("publish")
    thresholds.retract = try note.count("retract")
    thresholds.erase = try note.count("erase")
    thresholds.replace = try note.count("replace")
    guard let bytes = Hex.decode(Array(try note.value("registrar").utf8)), let registrar = VerifyingKey(bytes: bytes)
    else { throw .field("registrar") }
    self.registrar = registrar
    self.counsel = try note.value("counsel")
  }
}

extension PublicNote {
  /// A number from 1 to a million, in plain decimal.
  func count(_ name: String) throws(RecordError) -> Int {
    let text = try value(name)
    guard let number = Int(text), 1...1_000_000 ~= number, String(number) == text else { throw .field(name) }
    return number
  }
}
