public import Sodium
import Transparency

// The text of a `keys` note: lines in one order, so that what parses prints back.
extension KeysNote {
  /// The text that is signed. Refuses what contradicts itself.
  public func text(for vault: SHA256Hash) throws(RecordError) -> [UInt8] {
    try PublicNote.text(.keys, fields(for: vault))
  }

  /// Signed by the founder's key of the note before it (of the founding, for the first).
  public func signed(for vault: SHA256Hash, with founder: SigningKey) throws(RecordError) -> PublicNote {
    try Self.readable(PublicNote(.keys, fields(for: vault), as: KeyName.founder(of: vault), with: founder))
  }

  /// Signed by one of the successors that the note before it names. It counts once as many have signed as that note
  /// asks for: the others add theirs to it (`PublicNote.adding`).
  public func signed(for vault: SHA256Hash, publisher number: Int, with key: SigningKey) throws(RecordError)
    -> PublicNote
  {
    try Self.readable(PublicNote(.keys, fields(for: vault), as: KeyName.publisher(number, of: vault), with: key))
  }

  /// Refuses what is larger than a note in the open that is read: some 13,000 texts of ended publishers.
  private static func readable(_ note: PublicNote) throws(RecordError) -> PublicNote {
    guard note.encoded.count <= limit else { throw .note(.tooLarge) }
    return note
  }

  private func fields(for vault: SHA256Hash) throws(RecordError) -> [PublicNote.Field] {
    try check()
    var fields = [
      PublicNote.Field("vault", vault.description), PublicNote.Field("number", String(number)),
      PublicNote.Field("previous", previous?.description ?? "none"), PublicNote.Field("format", format),
      PublicNote.Field("founder", Hex.encode(founder.bytes)),
    ]
    for (number, key) in publishers.sorted(by: { $0.key < $1.key }) {
      fields.append(PublicNote.Field("publisher", "\(number) \(Hex.encode(key.bytes))"))
    }
    let former = ended.sorted { $0.key < $1.key }
    for (number, one) in former {
      fields.append(PublicNote.Field("ended", "\(number) \(Hex.encode(one.key.bytes))"))
    }
    for (number, one) in former {
      fields += one.signed.sorted().map { PublicNote.Field("signed", "\(number) \($0)") }
    }
    fields += [
      PublicNote.Field("publish", String(thresholds.publish)), PublicNote.Field("retract", String(thresholds.retract)),
      PublicNote.Field("erase", String(thresholds.erase)), PublicNote.Field("replace", String(thresholds.replace)),
      PublicNote.Field("registrar", Hex.encode(registrar.bytes)),
    ]
    for one in endedRegistrars {
      fields.append(PublicNote.Field("ended-registrar", "\(Hex.encode(one.key.bytes)) \(one.size) \(one.root)"))
    }
    fields.append(PublicNote.Field("succession", String(succession.threshold)))
    fields += succession.successors.sorted().map { PublicNote.Field("successor", String($0)) }
    fields.append(PublicNote.Field("counsel", counsel))
    return fields
  }

  /// Reads what a note says. Whether anybody who may say it signed it is another question.
  init(reading note: PublicNote, vault: SHA256Hash) throws(RecordError) {
    guard try note.value("vault") == vault.description else { throw .otherVault }
    let previous = try note.value("previous")
    self.init(
      number: try note.count("number"), previous: SHA256Hash(hex: previous), founder: try Self.key(note, "founder"),
      publishers: [:], registrar: try Self.key(note, "registrar"), counsel: try note.value("counsel"))
    self.format = try note.value("format")
    for line in try Self.lines(note, "publisher", parts: 2) {
      guard let number = Self.number(line[0]), let key = Self.key(line[1]), publishers[number] == nil else {
        throw .field("publisher")
      }
      publishers[number] = key
    }
    for line in try Self.lines(note, "ended", parts: 2) {
      guard let number = Self.number(line[0]), let key = Self.key(line[1]), ended[number] == nil else {
        throw .field("ended")
      }
      ended[number] = EndedPublisher(key: key, signed: [])
    }
    for line in try Self.lines(note, "signed", parts: 2) {
      guard let number = Self.number(line[0]), ended[number] != nil, let text = SHA256Hash(hex: line[1]) else {
        throw .field("signed")
      }
      ended[number]?.signed.insert(text)
    }
    thresholds.publish = try note.count("publish")
    thresholds.retract = try note.count("retract")
    thresholds.erase = try note.count("erase")
    thresholds.replace = try note.count("replace")
    for line in try Self.lines(note, "ended-registrar", parts: 3) {
      guard let key = Self.key(line[0]), let size = Self.number(line[1]), let root = SHA256Hash(hex: line[2]) else {
        throw .field("ended-registrar")
      }
      endedRegistrars.append(EndedRegistrar(key: key, size: size, root: root))
    }
    guard let threshold = Self.number(try note.value("succession")[...]) else { throw .field("succession") }
    succession.threshold = threshold
    for line in note.values("successor") {
      guard let number = Self.number(line[...]) else { throw .field("successor") }
      succession.successors.insert(number)
    }
    // One spelling, in one order, and nothing else: what was read prints back.
    guard try text(for: vault) == note.note.text else { throw .field("") }
  }

  private static func lines(_ note: PublicNote, _ name: String, parts: Int) throws(RecordError) -> [[Substring]] {
    var lines: [[Substring]] = []
    for value in note.values(name) {
      let line = value.split(separator: " ", omittingEmptySubsequences: false)
      guard line.count == parts else { throw .field(name) }
      lines.append(line)
    }
    return lines
  }

  private static func key(_ note: PublicNote, _ name: String) throws(RecordError) -> VerifyingKey {
    guard let key = key(try note.value(name)[...]) else { throw .field(name) }
    return key
  }

  private static func key(_ text: Substring) -> VerifyingKey? {
    Hex.decode(Array(text.utf8)).flatMap { VerifyingKey(bytes: $0) }
  }

  private static func number(_ text: Substring) -> Int? {
    guard let number = Int(text), number >= 0, String(number).utf8.elementsEqual(text.utf8) else { return nil }
    return number
  }
}
