import Record
import Sodium

/// What a field device and counsel say to each other, for the tests of this target.
enum FieldSample {
  static let kit = SigningKey.generate()
  static let publisher = SigningKey.generate()

  static func hash(_ text: String) -> SHA256Hash { Sample.hash(text) }

  static func head(
    number: Int = 3, previous: SHA256Hash? = hash("before"), void: [Int] = [2], key: SigningKey = kit,
    vault: SHA256Hash = Sample.vault, corrects: SHA256Hash? = nil, more: [String] = ["part 1", "part 2"]
  ) throws -> DropHead {
    let origin = Origin(author: KeyHash.of(key.verifyingKey), nonce: .random())
    let manifest = try Sample.manifest(origin, caseID: hash("case"))
    return DropHead(
      vault: vault, number: number, previous: previous, void: void, origin: origin, time: Sample.time,
      layers: manifest.layers, policy: hash("policy"), commitments: manifest.commitments, locks: hash("locks"),
      objects: manifest.layers.values.map(\.object) + more.map { hash($0) }, corrects: corrects)
  }

  static func kitNote(quorum: KitNote.Quorum, form: [(name: String, question: String)] = []) throws -> KitNote {
    KitNote(
      vaultNote: "the vault's note\n", keysNotes: ["first\n", "second\n"], publisher: 2,
      kit: KeyHash.of(kit.verifyingKey), worker: try PersonName("dana"), until: Sample.time, rule: .checkpoint,
      quorum: quorum, language: "ug", form: form, time: Sample.time)
  }

  static func receipt(covered: ReceiptNote.Covered? = nil, roster: [EmbeddedNote] = []) -> ReceiptNote {
    ReceiptNote(
      vault: Sample.vault, kit: KeyHash.of(kit.verifyingKey), publisher: 1,
      drops: (1...2).map { .init(number: $0, head: hash("head \($0)"), object: hash("object \($0)")) },
      keysNotes: ["first\n"], covered: covered, roster: roster, time: Sample.time)
  }
}

extension JSON {
  /// The same object with one field changed, or left out.
  func with(_ name: String, _ value: JSON?) -> JSON {
    let others = (members ?? []).filter { $0.key != name }.map { ($0.key, $0.value) }
    return .object(JSONObject(others + (value.map { [(name, $0)] } ?? [])))
  }
}
