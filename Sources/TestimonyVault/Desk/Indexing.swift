import Platform
import Record
import Sodium
import Synchronization

// The member's index: what the next run need not open again.
extension Session {
  /// From so many files on that had to be opened, the index is renewed.
  private static let worthKeeping = 128

  /// Renews the index where much had to be opened. What fails here costs the next run time, and nothing else.
  public func keepIndex() {
    let opened = state.opened + (locks?.openedCount ?? 0)
    guard opened >= Self.worthKeeping, !remarks.contains(.noMemory) || keys.exists(SeenMemory.fileName(key.name)) else {
      return
    }
    try? writeIndex(texts: (try? index?.contents().texts) ?? [])
  }

  private func writeIndex(texts: [IndexText]) throws(VaultError) {
    let store = IndexStore(keys: keys, key: key, vault: note.id)
    basis = try IndexBasis.of(circles, in: vault)
    var contents = IndexContents(vault: note.id, basis: basis)
    // Bodies that come from the index itself are read in one go.
    let old = (try? index?.contents().log) ?? []
    let known = Dictionary(old.map { ($0.file, $0) }) { first, _ in first }
    contents.log = log.verified.map { one in
      if let before = known[one.file], before.entry?.isBorneOut == one.indexed.isBorneOut { return before }
      return KnownEntry(file: one.file, entry: one.indexed)
    }
    contents.log += state.strangers.map { KnownEntry(file: $0, entry: nil) }
    contents.locks = try reader().locks.contents
    contents.rows = try rows()
    contents.texts = texts
    try store.write(contents)
    index = try? store.open(basis: basis)
  }

  /// Every version that holds now, with the layers that the reader may open.
  public func rows() throws(VaultError) -> [IndexRow] {
    let reader = try reader()
    let log = log
    return log.records.sorted { $0.key < $1.key }.flatMap { id, history in
      let newest = Set(history.newest.map(\.note))
      return history.versions.map { version in
        IndexRow(
          record: id.hash, caseID: history.caseID.hash, manifest: version.note, label: history.label(version),
          time: version.entry.entry.time, layers: reader.layers(of: version), isContested: log.contested.contains(id),
          isNewest: newest.contains(version.note))
      }
    }
  }

  /// Puts every text that the reader may open, and that is not in it yet, into the index, which then answers searches.
  ///
  /// An `open` entry that names the circles and heads is written before anything of it can be shown.
  /// - Returns: an index that covers all, places whose texts could not be opened, and whether the entry is in the vault.
  public func indexTexts(progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) throws(VaultError) -> (
    search: TextSearch, unreadable: [Place], isRecorded: Bool
  ) {
    // The log and the locks first: what is written below has them read again, and then they come from the index.
    if state.opened > 0 || index == nil { try? writeIndex(texts: (try? index?.contents().texts) ?? []) }
    let standing = log.records.values.flatMap { history in history.versions.map { (history.record, $0) } }
    let valid = Set(standing.map(\.1.note))
    var texts = ((try? index?.contents().texts) ?? []).filter { valid.contains($0.manifest) }
    let covered = Set(texts.map { TextPlace(manifest: $0.manifest, layer: $0.part.layer) })
    let reader = try reader()
    let missing = standing.compactMap { record, version -> Missing? in
      let layers = reader.layers(of: version).filter { layer in
        IndexText.Part(layer) != nil && !covered.contains(TextPlace(manifest: version.note, layer: layer))
      }
      return layers.isEmpty ? nil : Missing(record: record, version: version, layers: layers)
    }
    var isRecorded = true
    var unreadable: [Place] = []
    if !missing.isEmpty {
      let (opened, failed) = try open(missing, reader, progress)
      unreadable = failed
      if !opened.isEmpty {
        isRecorded = try recordIndexing()
        texts += opened
      }
    }
    // Where nothing can be written, what was read is searched in memory.
    let isKept = missing.isEmpty && index != nil && state.opened == 0 || (try? writeIndex(texts: texts)) != nil
    let source = isKept ? index.map { TextSearch.Source.index($0) } : nil
    return (TextSearch(source ?? .texts(texts), rows: try rows()), unreadable, isRecorded)
  }

  private struct TextPlace: Hashable {
    let manifest: SHA256Hash
    let layer: Layer
  }

  /// Layers of a version whose texts are not in the index.
  private struct Missing: Sendable {
    let record: ThingID
    let version: SealedVersion
    let layers: [Layer]
  }

  private func open(
    _ missing: [Missing], _ reader: LayerReader, _ progress: @escaping @Sendable (Int, Int) -> Void
  ) throws(VaultError) -> ([IndexText], [Place]) {
    let done = Mutex<(texts: [IndexText], unreadable: [Place], count: Int)>(([], [], 0))
    do {
      try Parallel.forEach(0..<missing.count) { number in
        try Interruption.check()
        let one = missing[number]
        // A version's lock file is opened once for all its layers.
        let found = reader.locks.found(one.version.note)
        let outcomes = one.layers.map { layer in
          Result { try Self.text(layer, one, reader, found) }
        }
        let count = done.withLock { done in
          for outcome in outcomes {
            switch outcome {
            case .success(let text): if let text { done.texts.append(text) }
            case .failure(VaultError.damaged(let place, _)), .failure(VaultError.missing(let place)):
              done.unreadable.append(place)
            case .failure: done.unreadable.append(Place(one.record.shown()))
            }
          }
          done.count += 1
          return done.count
        }
        if count % 100 == 0 { progress(count, missing.count) }
      }
      try Interruption.check()
    } catch { throw VaultError(error) }
    return done.withLock { ($0.texts, $0.unreadable) }
  }

  private static func text(
    _ layer: Layer, _ one: Missing, _ reader: LayerReader, _ found: [LockIndex.Found]
  ) throws(VaultError) -> IndexText? {
    guard let part = IndexText.Part(layer) else { return nil }
    let compartment = try reader.open(layer, of: one.record, one.version, with: found).compartment
    return IndexText(
      record: one.record.hash, manifest: one.version.note, part: part, original: searchable(compartment))
  }

  /// All text of a compartment, a line for each field; attachments by their names.
  private static func searchable(_ compartment: Compartment) -> [UInt8] {
    var lines: [String] = []
    func gather(_ json: JSON) {
      if let text = json.text { lines.append(text) }
      for one in json.list ?? [] { gather(one) }
      for member in json.members ?? [] { gather(member.value) }
    }
    gather(compartment.fields)
    lines += compartment.attachments.map(\.name)
    return Array(lines.joined(separator: "\n").utf8)
  }

  private func recordIndexing() throws(VaultError) -> Bool {
    let body = OpenBody.index(
      circles: log.roster.circles.keys.filter { name in me.map { log.roster.holds($0, name) } ?? false }.sorted(),
      heads: log.heads.map(\.note))
    let isCounsel = me?.holds(.counsel) ?? false
    let reviewed = log.roster.circles.keys.sorted().first { name in
      name != CircleName.members && (me.map { log.roster.holds($0, name) } ?? false)
    }
    return try recordOpening(body.json, to: isCounsel ? CircleName.counsel : reviewed ?? CircleName.members)
  }
}
