public import Record
import Sodium

extension TreeRecord {
  /// Takes what lies in `tree/`: first all `gone` notes and checkpoints, in any order, then the names of each checkpoint
  /// as `next` asks for them. Keeps only what is well signed, so that junk in the folder takes no memory.
  public struct Builder {
    private let vault: SHA256Hash
    private let keys: KeysNote?
    private var record = TreeRecord()
    private var notes: [SHA256Hash: (note: PublicNote, gone: GoneNote, place: String, signed: Set<Int>)] = [:]
    private var checkpoints: [SHA256Hash: (checkpoint: VaultCheckpoint, place: String)] = [:]
    private var path: [VaultCheckpoint]?

    public init(_ record: PublicRecord) {
      self.vault = record.vault.id
      self.keys = record.keys
    }

    public mutating func add(gone found: FoundNote) {
      precondition(path == nil, "gone notes come before names")
      guard let keys else { return fault(found.place, .malformed(.signature)) }
      do {
        let note = try PublicNote(parsing: found.bytes.span, as: .gone)
        let gone = try GoneNote(note, vault: vault)
        let signed = try note.publishers(under: keys, vault: vault)
        guard !signed.isEmpty else { return fault(found.place, .malformed(.signature)) }
        // Files with one text are one note, their good signatures united.
        notes[note.hash, default: (note, gone, found.place, [])].signed.formUnion(signed)
      } catch { fault(found.place, .malformed(error)) }
    }

    public mutating func add(checkpoint found: FoundNote) {
      precondition(path == nil, "checkpoints come before names")
      guard let keys else { return fault(found.place, .malformed(.signature)) }
      do {
        let unverified = try UnverifiedCheckpoint(parsing: found.bytes.span, vault: vault)
        if unverified.isByAnotherRegistrar(under: keys) { return fault(found.place, .overruled) }
        let checkpoint = try unverified.verified(under: keys)
        guard checkpoint.number == found.number else { return fault(found.place, .otherName) }
        checkpoints[checkpoint.hash] = (checkpoint, found.place)
      } catch { fault(found.place, .malformed(error)) }
    }

    /// The checkpoint whose names are wanted; nil where there is none left.
    public mutating func next() -> VaultCheckpoint? {
      let path = path ?? begin()
      self.path = path
      return record.checkpoints.count < path.count ? path[record.checkpoints.count] : nil
    }

    /// How many names the next checkpoint adds.
    public mutating func expected() -> Int { (next()?.size ?? 0) - record.tree.size }

    /// Takes the names of the next checkpoint, if they are the ones. False where its tree does not come of them.
    public mutating func take(names: [TreeName]) -> Bool {
      guard let next = next() else { return false }
      switch record.tree.extend(by: names, to: (next.size, next.root), through: pins) {
      case .done:
        record.checkpoints.append(next)
        return true
      case .otherTree: return false
      case .otherPast:
        stop(.otherPast)
        return true
      }
    }

    /// Whether each of these names stands in the tree by now, or is gone on enough publishers' word.
    public func knows(_ names: [TreeName]) -> Bool {
      names.allSatisfy { record.tree.contains($0) || record.gone[$0]?.isEnough ?? false }
    }

    /// None of the names that are here were the ones: the path ends before the next checkpoint.
    public mutating func lackNames() { stop(.namesMissing) }

    public mutating func finish() -> TreeRecord {
      if next() != nil { stop(.namesMissing) }
      // Where something else is in doubt, that tells why it is not reached.
      if record.tree.size < pins.map(\.size).max() ?? 0, !record.isUnclear { fault("tree", .endMissing) }
      record.awaiting.sort { $0.hash < $1.hash }
      record.faults.sort { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) }
      return record
    }

    public mutating func fault(_ place: String, _ fault: TreeFault) { record.faults.append((place, fault)) }

    private mutating func begin() -> [VaultCheckpoint] {
      for (_, one) in notes.sorted(by: { $0.key < $1.key }) { settle(one) }
      return follow()
    }

    private var pins: [NameTree.Pin] { (keys?.endedRegistrars ?? []).map { ($0.size, $0.root) } }

    private mutating func stop(_ fault: TreeFault) {
      guard let path, let next = next() else { return }
      for one in path[record.checkpoints.count...] {
        let reason = one == next ? fault : .gap
        if let place = checkpoints[one.hash]?.place { self.fault(place, reason) }
      }
      self.path = record.checkpoints
    }

    private mutating func settle(
      _ one: (note: PublicNote, gone: GoneNote, place: String, signed: Set<Int>)
    ) {
      let need = keys.map { one.gone.threshold(under: $0) } ?? .max
      if one.signed.count < need {
        record.awaiting.append(
          Awaiting(note: one.note, gone: one.gone, place: one.place, signed: one.signed, need: need))
      }
      for name in one.gone.names {
        let new = Gone(reason: one.gone.reason, signatures: one.signed.count, need: need, new: name.new)
        // Of several notes about one name the best signed counts.
        if let there = record.gone[name.old],
          (there.isEnough ? 1 : 0, there.signatures) >= (new.isEnough ? 1 : 0, new.signatures)
        {
          continue
        }
        record.gone[name.old] = new
      }
    }

    /// Follows the checkpoints from the first to the last that is without doubt.
    private mutating func follow() -> [VaultCheckpoint] {
      let (settled, settledNumber) = settledByKeys()
      var path: [VaultCheckpoint] = []
      var decided: Set<SHA256Hash> = []
      let byPrevious = Dictionary(grouping: checkpoints.values.map(\.checkpoint), by: \.previous)
      while true {
        var next = (byPrevious[path.last?.hash] ?? []).filter {
          $0.number == path.count + 1 && $0.size > path.last?.size ?? 0
        }
        if path.count < settledNumber { next.removeAll { !settled.contains($0.hash) } }
        decided.formUnion(next.map(\.hash))
        guard next.count == 1 else {
          for one in next { checkpoints[one.hash].map { fault($0.place, .fork) } }
          break
        }
        path += next
      }
      let ended = keys?.endedRegistrars.last?.size ?? 0
      for (checkpoint, place) in checkpoints.values where !decided.contains(checkpoint.hash) {
        // What a former registrar's key signs now stops nobody.
        fault(place, checkpoint.size <= ended && !settled.contains(checkpoint.hash) ? .overruled : .gap)
      }
      return path
    }

    /// The checkpoints that lead to where a `keys` note ended a registrar, and the last one's number: the founder says
    /// which of two counts, so that a former registrar cannot take back with a second one what it signed.
    private func settledByKeys() -> (settled: Set<SHA256Hash>, number: Int) {
      var settled: Set<SHA256Hash> = []
      let ends = checkpoints.values.map(\.checkpoint).filter { one in
        pins.contains { $0.size == one.size && $0.root == one.root }
      }
      for end in ends {
        settled.insert(end.hash)
        var previous = end.previous
        while let hash = previous, settled.insert(hash).inserted { previous = checkpoints[hash]?.checkpoint.previous }
      }
      return (settled, ends.map(\.number).max() ?? 0)
    }
  }
}
