import Record
import Sodium
import Testing

/// Policies and requests in the log's story.
extension LogStory {
  /// Admits custodians by these names.
  func admitCustodians(_ names: [String]) throws { for name in names { try admit(name, [.custodian]) } }

  @discardableResult
  func quorum(
    _ threshold: Int, of names: [String], alone: Bool = false, previous: Said? = nil, by key: SigningKey? = nil,
    chain: UInt8 = 7, keep: Bool = true
  ) throws -> Said {
    let body = try QuorumBody(
      threshold: threshold, custodians: names.map { hash($0) }, isAlone: alone, previous: previous?.note)
    return try say(.quorum, by: key ?? founder, to: "members", body.json, chain: chain, keep: keep)
  }

  @discardableResult
  func accept(_ policy: Said, by names: [String], chain: UInt8 = 7) throws -> [Said] {
    try names.map { name in
      try say(.accept, by: key(name), to: "members", AcceptBody(policy: policy.note).json, chain: chain)
    }
  }

  /// A policy that everybody accepted.
  func accepted(_ threshold: Int, of names: [String], alone: Bool = false) throws -> Said {
    let policy = try quorum(threshold, of: names, alone: alone)
    try accept(policy, by: names)
    return policy
  }

  /// The verdict on an entry with everything that was said.
  func fault(of said: Said) -> EntryFault? { log().fault(said) }

  var inForce: SHA256Hash? { log().roster.policy?.note }

  func requestBody(by author: String, text: String = "a purpose") -> RequestBody {
    RequestBody(
      origin: Origin(author: hash(author), nonce: .random()), record: Sample.record,
      identities: [Sample.requestedIdentity()], purpose: text, order: nil, recipient: "age1fresh",
      until: ClaimedTime(clamping: 1_900_000_000))
  }

  @discardableResult
  func request(by name: String, body: RequestBody? = nil, to circle: String = "custodians") throws -> Said {
    let body = body ?? requestBody(by: name)
    return try say(.request, by: key(name), to: circle, body.json(vault: note.id))
  }

  @discardableResult
  func approve(_ request: SHA256Hash, by name: String) throws -> Said {
    try say(.approve, by: key(name), to: "custodians", ApproveBody(request: request, shares: [1, 2, 3]).json)
  }

  @discardableResult
  func replace(_ policy: Said, _ number: Int, by name: String, to successor: String) throws -> Said {
    let body = ReplaceBody(policy: policy.note, number: number, successor: hash(successor), locks: [])
    return try say(.replace, by: key(name), to: "members", body.json)
  }
}

extension Sample {
  static func requestedIdentity(_ manifest: String = "m") -> RequestBody.Identity {
    RequestBody.Identity(
      manifest: hash(manifest), version: 1, object: hash("o"), recipient: hash("r"), policy: hash("p"),
      sealer: hash("s"), set: 32767, lock: hash("l"))
  }
}
