import Record
import Sodium
import Transparency

/// Keys and notes for the tests of this target.
enum Sample {
  static let vault = SHA256Hash(of: Array("a vault".utf8))
  static let record = SHA256Hash(of: Array("a record".utf8))
  static let time = ClaimedTime(clamping: 1_795_000_000)
  static let address = Entry.Address(circle: "reviewers", epoch: SHA256Hash(of: Array("epoch".utf8)))

  static func hash(_ text: String) -> SHA256Hash { SHA256Hash(of: Array(text.utf8)) }

  static func entry(
    by key: SigningKey, type: EntryType = .case, seq: Int64 = 1, prev: (link: Entry.Link, to: Entry.Address)? = nil,
    to: Entry.Address = address, vault: SHA256Hash = vault, roster: [SHA256Hash] = [], body: JSON = [:]
  ) -> Entry {
    Entry(
      vault: vault, type: type, author: KeyHash.of(key.verifyingKey), chain: [UInt8](repeating: 7, count: 16), seq: seq,
      prev: prev, backSame: nil, backMembers: nil, roster: roster, seen: [], void: [], time: time, to: to,
      content: .parsed(body))
  }

  static func manifest(_ origin: Origin, caseID: SHA256Hash, object: String = "object") throws -> Manifest {
    var layers: [Layer: Manifest.LayerObject] = [:]
    for layer in Layer.allCases {
      layers[layer] = Manifest.LayerObject(object: hash(object + layer.rawValue), recipient: hash("r" + layer.rawValue))
    }
    return Manifest(
      origin: origin, caseID: caseID, previous: [], version: 1, layers: layers,
      identityPolicy: .alone(hash("founder")), commitments: try Commitments(five: (0..<5).map { hash("c\($0)") }))
  }
}
