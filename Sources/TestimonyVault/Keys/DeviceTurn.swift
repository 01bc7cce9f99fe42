import Platform
import Record
import Sodium

/// One device's turn to write: processes of one member take turns by `flock` on `NAME.lock` in `Keys/`, which is never
/// replaced by a rename.
///
/// While something is being written the file holds the run's tag, which the names of its temporary files bear: a run that
/// failed or was killed leaves it there, and the next one knows what to clean up.
final class DeviceTurn {
  private let lock: Descriptor
  private let place: String
  /// The tag of an earlier run that did not come to its end.
  let leftoverTag: String?

  /// Waits for the turn, at most `seconds`; throws `busy` after that.
  init(_ person: PersonName, in keys: KeyFolder, seconds: Double = 600) throws(VaultError) {
    let name = PathBytes("\(person.text).lock")
    place = keys.place(name)
    let isMine: Bool
    do {
      lock = try keys.root.openOrCreate(name)
      isMine = try lock.lock(timeoutSeconds: seconds)
      leftoverTag = isMine ? Self.tag(try lock.readAll(atMost: 64)) : nil
    } catch { throw .system(error, at: keys.place(name)) }
    guard isMine else { throw .busy }
  }

  /// Begins to write: the new run's tag is durable before a file bears it. What an earlier run left must be cleaned before.
  func begin() throws(VaultError) -> String {
    let tag = Hex.encode(Random.bytes(8))
    do {
      // As long as any tag that may stand there: it is overwritten.
      try lock.rewind()
      try lock.write(Array(tag.utf8).span)
      try lock.syncData()
    } catch { throw .system(error, at: place) }
    return tag
  }

  /// Everything of this run is in place or removed.
  func end() { try? lock.truncate(0) }

  private static func tag(_ content: [UInt8]) -> String? {
    let text = String(decoding: content, as: UTF8.self)
    return content.isEmpty || Hex.decode(content) == nil ? nil : text
  }
}
