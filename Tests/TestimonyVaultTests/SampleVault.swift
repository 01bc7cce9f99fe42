import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// A vault in a folder of its own, for one test; removed with the object.
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

  init(_ kind: KeyKind = .hybrid) throws {
    self.kind = kind
    folder = FileManager.default.temporaryDirectory.appending(path: "testimony-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    founded = try Founding.found(
      vault: PathBytes(folder.appending(path: "Vault").path), keys: PathBytes(folder.appending(path: "Keys").path),
      name: try PersonName("aigul"), displayName: "Айгүл", kind: kind, passphrase: Self.secret(), logN: 10)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func vault() throws -> VaultFolder { try VaultFolder(opening: vaultPath) }
  func keys() throws -> KeyFolder { try KeyFolder(opening: keysPath) }

  func founder() throws -> Session { try Session(vault(), keys: keys(), key: founded.key) }

  /// Makes a key, and admits its card.
  func admit(_ name: String, _ roles: [Role]) throws -> MemberKey {
    let key = MemberKey.make(try PersonName(name), kind: kind, vault: founded.note.id)
    _ = try founder().admit(try key.card(), roles: roles, displayName: name)
    return key
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
