import Platform
import Sodium

extension VaultFolder {
  /// The names of one kind, sorted, for very many of them: what is foreign or half-written is passed over (`list` tells
  /// it), contents are not looked at.
  func names(_ kind: ObjectKind) throws(VaultError) -> [SHA256Hash] {
    guard let folder = try folder(kind) else { return [] }
    let shelves = try Parallel.map(0..<256) { (number) throws(VaultError) -> [SHA256Hash] in
      let shelf = PathBytes(Hex.encode([UInt8(number)]))
      let place = "\(kind.rawValue)/\(shelf)"
      var hashes: [SHA256Hash] = []
      do throws(SystemError) {
        let inside = try folder.directory(shelf)
        try inside.forEachName { name in
          guard let hash = ObjectPlace.hash(inName: name), hash.firstByte == number else { return }
          hashes.append(hash)
        }
      } catch {
        // What is no folder is foreign.
        if error.isNotFound || error.isNotDirectory || error.isLoop { return [] }
        throw .system(error, at: place)
      }
      return hashes.sorted()
    }
    return shelves.flatMap { $0 }
  }
}

extension ObjectPlace {
  /// The hash that a file's name states; nil where it does not have the exact form.
  static func hash(inName name: Span<UInt8>) -> SHA256Hash? {
    let end = 2 * SHA256Hash.size
    guard name.count == end + suffix.utf8.count, zip(end..., suffix.utf8).allSatisfy({ name[$0] == $1 }) else {
      return nil
    }
    return SHA256Hash(hexDigits: name.extracting(first: end))
  }
}
