import Platform
import Record
import Sodium
import TestimonyVault

/// The two files of a new key, `NAME.key` and `NAME.card`, which are never written over others.
struct NewKeyFiles {
  let name: PersonName
  let folder: PathBytes

  private var key: PathBytes { PathBytes("\(name.text).key") }
  var card: PathBytes { PathBytes("\(name.text).card") }

  /// Throws where one of them is there.
  func requireFree() throws {
    for file in [key, card] {
      let path = folder.appending(file)
      if (try? FileSystem.linkStatus(path)) != nil { throw VaultError.alreadyThere(Place(path.description)) }
    }
  }

  /// Writes both, and gives the public half and the two paths as they are said.
  func write(_ made: MemberKey, passphrase: borrowing Secret, logN: Int) throws -> (card: Card, paths: String) {
    let sealed = try KeyFile.seal(made, passphrase: passphrase, logN: logN)
    let publicHalf = try made.card()
    let keys = try KeyFolder(making: folder)
    try keys.write(key, sealed, replacing: false)
    do { try keys.write(card, publicHalf.note.encoded, replacing: false) } catch {
      // A key without its card would be in the way of the next try.
      keys.remove(key)
      throw error
    }
    return (publicHalf, "\(keys.path)/\(key)  and its card, \(keys.path)/\(card)")
  }
}

extension CommonOptions {
  /// The vault that is at hand, to which a new key is bound; nil where there is none.
  func vaultNote() throws -> VaultNote? {
    do { return try VaultFolder(opening: vaultPath).vaultNote() } catch VaultError.notAVault { return nil }
  }
}
