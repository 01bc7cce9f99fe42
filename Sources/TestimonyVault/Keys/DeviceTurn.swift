import Platform
import Record
import Sodium

/// One device's turn to write: processes of one member take turns by `flock` on `NAME.lock` in `Keys/`, which is never
/// replaced by a rename. While a turn lasts the file is not empty: a run that was killed leaves it so, and the next one
/// knows that there is something to clean up.
final class DeviceTurn {
  private let lock: Descriptor
  /// The run before this one did not come to its end.
  let afterInterruption: Bool
  private let isMine: Bool

  /// Waits for the turn, at most `seconds`; throws `busy` after that.
  init(_ person: PersonName, in keys: KeyFolder, seconds: Double = 600) throws(VaultError) {
    let name = PathBytes("\(person.text).lock")
    do {
      let file = try keys.root.openOrCreate(name)
      let turn = try file.lock(timeoutSeconds: seconds)
      let marked = try file.status().size > 0
      let mark = Array("writing\n".utf8)
      if turn, !marked { try file.write(mark.span) }
      lock = file
      afterInterruption = marked
      isMine = turn
    } catch { throw .system(error, at: keys.place(name)) }
    guard isMine else { throw .busy }
  }

  /// The turn came to its end, well or with an error that was handled: nothing is left to clean up.
  func end() { try? lock.truncate(0) }
}
