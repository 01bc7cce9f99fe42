import Age
import Foundation
import Platform
import Shares
import Sodium
import Testing

@testable import Record
@testable import TestimonyVault

/// Over all subsets of 3 of 5: any three open, and fewer open nothing, with the founder's key, the requester's, the
/// request's own and every file beside them.
struct SubsetsTests {
  @Test func everyThreeOpenAndNoFewerDo() throws {
    let office = try QuorumOffice(3, of: 5)
    let asked = try office.ask()
    let founder = try office.sample.founder()
    let session = try office.counsel()
    let fresh = try #require(session.seen.freshKey(of: asked.note, with: office.bolat))
    try office.approve(asked, by: 1, 2, 3, 4, 5)
    let all = try office.counsel()
    let standing = try all.findRequest(asked.id.shown())
    let object = try #require(asked.body.identities.first).object
    var opened = 0
    for subset in 0..<32 {
      let numbers = (0..<5).filter { subset >> $0 & 1 == 1 }
      let keys = numbers.map { office.custodians[$0] }
      let some = Self.standing(standing, approvedBy: Set(keys.map(\.hash)))
      if numbers.count >= 3 {
        let identity = try all.openIdentities(of: some).versions.first?.opened
        #expect(identity?.compartment.fields["name"] == "an invented name")
        opened += 1
      }
      // The same thief with three of them opens it: what is found too few is found by looking well.
      if numbers.count <= 3 {
        if numbers.count < 3 {
          let short = try #require(failure { _ = try all.openIdentities(of: some) }?.shortfall)
          #expect(short.have == numbers.count && short.need == 3)
        }
        // Those who have approved lend their keys, too.
        var scavenger = try Scavenger(
          office.sample,
          keys: keys.map(\.identity) + founder.circles.identities.map(\.identity) + [office.sample.founded.key.identity]
        )
        scavenger.keys += [office.bolat.identity, fresh]
        // What others sent to the fresh key would be theirs: here only the subset has.
        try scavenger.run(
          without: Set(
            standing.history.approvals.filter { !keys.map(\.hash).contains($0.entry.entry.author) }.map(\.entry.file)))
        #expect(scavenger.words.count == numbers.count)
        #expect(scavenger.opened.contains(object) == (numbers.count == 3))
      }
    }
    #expect(opened == 16)
  }

  /// After an opening the fresh key is gone: with every file, the requester's key and those of t−1 custodians nothing opens.
  @Test func behindAnOpeningNothingIsLeftToTake() throws {
    let office = try QuorumOffice(3, of: 5)
    let asked = try office.ask()
    try office.approve(asked, by: 1, 2, 3)
    let session = try office.counsel()
    let opened = try session.openIdentities(of: session.findRequest(asked.id.shown()))
    _ = try session.recordOpening(of: opened)
    let after = try office.counsel()
    var scavenger = try Scavenger(
      office.sample, keys: [office.bolat.identity, office.custodians[0].identity, office.custodians[1].identity])
    scavenger.keys += after.circles.identities.map(\.identity) + [office.sample.founded.key.identity]
    try scavenger.run(without: [])
    #expect(scavenger.words.count == 2)
    let object = try #require(asked.body.identities.first).object
    #expect(!scavenger.opened.contains(object))
    // With one custodian more the same thief opens it.
    scavenger.keys.append(office.custodians[2].identity)
    try scavenger.run(without: [])
    #expect(scavenger.opened.contains(object))
  }

  private static func standing(_ one: RequestStanding, approvedBy some: Set<SHA256Hash>) -> RequestStanding {
    let all = one.history
    let history = RequestHistory(
      id: all.id, entry: all.entry, body: all.body,
      approvals: all.approvals.filter { some.contains($0.entry.entry.author) }, denials: [], cancelled: nil,
      openings: [])
    return RequestStanding(
      history: history, state: .open, requester: one.requester, need: one.need, approved: [], denied: [], missing: [],
      ended: [], own: .none, faults: [], hasApproved: false, hasAnswered: false)
  }
}

/// Somebody who has keys and every file, and tries all: opens whatever a key opens, looks for keys and shares in it, also
/// in base64, and goes on with those until nothing new turns up.
struct Scavenger {
  var keys: [NativeIdentity]
  private(set) var words: Set<[UInt8]> = []
  private(set) var opened: Set<SHA256Hash> = []
  private let files: [(SHA256Hash, [UInt8])]

  init(_ sample: SampleVault, keys: [NativeIdentity]) throws {
    self.keys = keys
    var files = try VerificationTests.objects(sample).map { place in
      (place.hash, Array(try Data(contentsOf: sample.path(place))))
    }
    // What lies beside the vault, the devices' memories, is theirs, too.
    for name in try FileManager.default.contentsOfDirectory(atPath: sample.folder.appending(path: "Keys").path) {
      let bytes = Array(try Data(contentsOf: sample.folder.appending(path: "Keys/\(name)")))
      files.append((SHA256Hash(of: bytes), bytes))
    }
    self.files = files
  }

  mutating func run(without hidden: Set<SHA256Hash>) throws {
    var waiting = files.filter { !hidden.contains($0.0) }
    var known = -1
    while known != keys.count + opened.count + words.count {
      known = keys.count + opened.count + words.count
      var left: [(SHA256Hash, [UInt8])] = []
      for (hash, file) in waiting {
        guard let content = try? AgeFile.open(file.span, with: keys) else {
          left.append((hash, file))
          continue
        }
        opened.insert(hash)
        left += look(in: content.bytes.copy())
      }
      waiting = left
      combine()
    }
  }

  /// Takes the keys and shares of an opened file; gives the files inside.
  private mutating func look(in content: [UInt8]) -> [(SHA256Hash, [UInt8])] {
    var inside: [(SHA256Hash, [UInt8])] = []
    let text = String(decoding: content, as: UTF8.self)
    for part in text.split(whereSeparator: { $0 == "\n" || $0 == "\"" }) {
      let bytes = Array(part.utf8)
      if part.hasPrefix("AGE-SECRET-KEY-") {
        if let key = try? NativeIdentity(parsing: Secret(copying: bytes.span)) { keep(key) }
      } else if bytes.count > 100, let file = Base64.decode(bytes.span, padded: true) {
        inside.append((SHA256Hash(of: file), file))
      } else if (try? Mnemonic(parsing: bytes.span)) != nil {
        words.insert(bytes)
      }
    }
    return inside
  }

  private mutating func keep(_ key: NativeIdentity) {
    if !keys.contains(where: { $0.recipient.text == key.recipient.text }) { keys.append(key) }
  }

  /// Tries every choice of the shares that were found.
  private mutating func combine() {
    let shares = words.compactMap { try? Mnemonic(parsing: $0.span) }
    for choice in 1..<max(1, 1 << shares.count) {
      let some = shares.indices.filter { choice >> $0 & 1 == 1 }.map { shares[$0] }
      guard let secret = try? SecretSharing.combine(some), secret.count == 32 else { continue }
      for kind in [KeyKind.classic, .hybrid] { keep(NativeIdentity(kind: kind, secretBytes: secret)) }
    }
  }
}
