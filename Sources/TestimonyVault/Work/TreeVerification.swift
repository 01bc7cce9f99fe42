import Publishing
import Record
import Sodium

extension Verification {
  /// What the tree says is missing, and what is wrong with the tree itself.
  mutating func check(_ listing: TreeListing, _ present: Set<TreeName>) {
    temporary += listing.temporary
    findings += listing.damaged.map { Finding(kind: .damaged, place: $0, meaning: .publicContent) }
    findings += listing.foreign.map { Finding(kind: .foreign, place: $0, meaning: .strayName) }
    let tree = listing.record
    for (place, fault) in tree.faults {
      findings.append(Finding(kind: Self.kind(of: fault), place: Place(place), meaning: .tree(fault)))
    }
    checkpoint = tree.newest
    covered = tree.names.count
    notCovered = present.count { !tree.tree.contains($0) }
    // What is gone may be newer than the checkpoint, and a `gone` note may name what never was here.
    let others = tree.gone.keys.filter { !tree.tree.contains($0) }
    for name in tree.names + others { check(name, present, tree) }
    for gone in tree.gone.values where gone.isEnough {
      guard let new = gone.new, !present.contains(new), tree.gone[new] == nil, !tree.tree.contains(new) else {
        continue
      }
      findings.append(
        Finding(kind: .incomplete, place: Place(ObjectPlace(new).description), meaning: .successorNotHere))
    }
  }

  private mutating func check(_ name: TreeName, _ present: Set<TreeName>, _ tree: TreeRecord) {
    let place = Place(ObjectPlace(name).description)
    switch tree.state(of: name, isHere: present.contains(name)) {
    case .here: if tree.gone[name]?.isEnough ?? false { stillHere += 1 }
    case .gone: gone += 1
    case .claimed(let have, let need):
      findings.append(Finding(kind: .damaged, place: place, meaning: .goneClaimed(have: have, need: need)))
    case .notHere:
      findings.append(
        Finding(kind: .incomplete, place: place, meaning: .notHere(checkpoint: tree.newest?.number ?? 0)))
    }
  }

  private static func kind(of fault: TreeFault) -> Finding.Kind {
    switch fault {
    case .fork, .overruled, .otherPast: .fork
    case .gap, .namesMissing, .checkpointMissing, .endMissing: .incomplete
    case .malformed, .otherName, .otherNames: .damaged
    }
  }
}
