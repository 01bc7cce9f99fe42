public import Record
import Sodium

/// What came from a kit, by number.
public struct KitStatus: Sendable {
  public private(set) var filed: [Int] = []
  public private(set) var quarantined: [Int] = []
  /// Between the first number and the highest that is known, neither here nor declared void by the kit.
  public private(set) var missing: [Int] = []
  /// Numbers under which two different heads are here: the kit was copied, or went back in time.
  public private(set) var forked: [Int] = []
  /// The receipt codes of those heads, by number.
  public private(set) var codes: [Int: [ReceiptCode]] = [:]

  /// - Parameter arriving: drops that are not taken in, and whose heads are here all the same.
  public init(_ kit: Kit, arriving: [VerifiedDrop] = []) {
    var heads: [Int: Set<SHA256Hash>] = [:]
    var known: Set<Int> = []
    for note in kit.notes {
      guard case .drop(let embedded, let head, _, let number) = note.source else { continue }
      heads[number, default: []].insert(head)
      known.insert(number)
      if note.standing == .filed { filed.append(number) } else { quarantined.append(number) }
      // What stands in the log was verified when it was judged.
      if let bytes = try? embedded.encoded, let told = try? UnverifiedDrop(parsing: bytes.span) {
        known.formUnion(told.head.void)
      }
    }
    for drop in arriving {
      heads[drop.head.number, default: []].insert(drop.note)
      known.formUnion([drop.head.number] + drop.head.void)
    }
    filed = Set(filed).sorted()
    quarantined = Set(quarantined).subtracting(filed).sorted()
    codes = heads.filter { $0.value.count > 1 }.mapValues { $0.sorted().map { ReceiptCode(of: $0) } }
    forked = codes.keys.sorted()
    let highest = known.max() ?? 0
    missing = highest == 0 ? [] : (1...highest).filter { !known.contains($0) }
  }
}

extension Session {
  /// The kits by their workers' names.
  public var kits: [Kit] {
    log.kits.values.sorted {
      ($0.worker?.name ?? "", $0.body.kit) < ($1.worker?.name ?? "", $1.body.kit)
    }
  }

  /// Whether a kit was made with a key of counsel's that was replaced since.
  public func sealsToOldKey(_ kit: Kit) -> Bool {
    guard let worker = kit.worker, let now = try? newestHeld(CircleName.counsel) else { return false }
    return worker.counsel != now.body.epoch
  }
}
