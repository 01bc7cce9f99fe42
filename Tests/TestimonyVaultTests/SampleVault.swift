import Age
import Foundation
import Platform
import Record
import Shares
import Sodium
import Testing

@testable import TestimonyVault

/// A vault in a folder of its own, for one test; removed with the object. Its founder opens identities alone.
final class SampleVault {
  let folder: URL
  var vaultPath: PathBytes { PathBytes(folder.appending(path: "Vault").path) }
  var keysPath: PathBytes { PathBytes(folder.appending(path: "Keys").path) }
  let kind: KeyKind
  let founded: Founding.Founded

  static let passphrase = "a passphrase for tests"

  static func secret() -> Secret {
    let bytes = Array(passphrase.utf8)
    return Secret(copying: bytes.span)
  }

  /// - Parameter quorum: whether a policy is in force: aigul alone.
  init(_ kind: KeyKind = .hybrid, quorum: Bool = true) throws {
    self.kind = kind
    folder = FileManager.default.temporaryDirectory.appending(path: "testimony-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    founded = try Founding.found(
      vault: PathBytes(folder.appending(path: "Vault").path), keys: PathBytes(folder.appending(path: "Keys").path),
      name: try PersonName("aigul"), displayName: "Айгүл", kind: kind, passphrase: Self.secret(), logN: 10)
    if quorum { _ = try setQuorum(1, of: ["aigul"], alone: true) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func vault() throws -> VaultFolder { try VaultFolder(opening: vaultPath) }
  func keys() throws -> KeyFolder { try KeyFolder(opening: keysPath) }

  func founder() throws -> Session { try Session(vault(), keys: keys(), key: founded.key) }

  /// Makes a key, and admits its card. Counsel confirm the custodians there are, as whoever seals does once.
  func admit(_ name: String, _ roles: [Role], samePersonAs other: String? = nil) throws -> MemberKey {
    let key = MemberKey.make(try PersonName(name), kind: kind, vault: founded.note.id)
    _ = try founder().admit(try key.card(), roles: roles, displayName: name, samePersonAs: other)
    if roles.contains(.counsel) { try confirmCustodians(on: key) }
    return key
  }

  /// States a policy as the founder; what waits for others than aigul is not in force yet.
  @discardableResult
  func setQuorum(_ threshold: Int, of names: [String], alone: Bool = false) throws -> Policy {
    let session = try founder()
    return try session.setQuorum(session.quorumPlan(threshold, of: names, alone: alone))
  }

  /// A policy that each of these custodians has accepted, and that is in force.
  @discardableResult
  func quorum(_ threshold: Int, of custodians: [MemberKey]) throws -> Policy {
    let policy = try setQuorum(threshold, of: custodians.map(\.name.text))
    for key in custodians { _ = try session(key).acceptQuorum() }
    let now = try #require(try founder().log.roster.policy)
    #expect(now.note == policy.note)
    return now
  }

  /// Has a member's device know every custodian by the right words.
  func confirmCustodians(on key: MemberKey) throws {
    let session = try session(key)
    for member in session.unconfirmedCustodians {
      _ = try session.confirm(custodian: member.name, words: CheckWords.of(member.admission.card.hash))
    }
  }

  func session(_ key: MemberKey) throws -> Session { try Session(vault(), keys: keys(), key: key) }

  /// Writes a file of the user's own.
  func file(_ name: String, _ content: Data) throws -> PathBytes {
    let url = folder.appending(path: name)
    try content.write(to: url)
    return PathBytes(url.path)
  }

  func path(_ place: ObjectPlace) -> URL { folder.appending(path: "Vault").appending(path: place.description) }
}
