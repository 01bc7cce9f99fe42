import Age
import Platform
import Record
import Sodium
import Synchronization

/// Everything in `log/` that a member's circle keys open, read on all cores.
struct LogReading {
  var entries: [UnverifiedEntry] = []
  var notForYou = 0
  var damaged: [Place] = []

  /// Most entries go to reviewers, then to counsel: those keys are tried first.
  private static let order = [CircleName.reviewers, CircleName.counsel, CircleName.members, CircleName.custodians]

  static func read(_ vault: VaultFolder, with circles: CircleKeys) throws(VaultError) -> LogReading {
    let places = try vault.list(.log).objects
    let keys = circles.identities.sorted { left, right in
      rank(left.address.circle) < rank(right.address.circle)
    }
    let identities = keys.map(\.identity)
    let reading = Mutex(LogReading())
    do {
      try Parallel.forEach(0..<places.count) { index in
        try Interruption.check()
        let outcome = one(places[index], in: vault, with: identities)
        reading.withLock { reading in
          switch outcome {
          case .entry(let sealed, let key):
            reading.entries.append(
              UnverifiedEntry(file: places[index].hash, openedBy: keys[key].address, sealed: sealed))
          case .notMine: reading.notForYou += 1
          case .damaged: reading.damaged.append(Place(places[index].description))
          }
        }
      }
    } catch { throw .interrupted }
    return reading.withLock { $0 }
  }

  private enum Outcome {
    case entry(SealedNote, key: Int)
    case notMine
    case damaged
  }

  private static func one(_ place: ObjectPlace, in vault: VaultFolder, with identities: [NativeIdentity]) -> Outcome {
    guard let file = try? vault.read(place) else { return .damaged }
    do {
      guard let opened = try SealedReader.open(file, with: identities) else { return .notMine }
      return .entry(try SealedNote(parsing: opened.content.bytes, as: .entry), key: opened.index)
    } catch { return .damaged }
  }

  private static func rank(_ circle: String) -> Int { order.firstIndex(of: circle) ?? order.count }
}
