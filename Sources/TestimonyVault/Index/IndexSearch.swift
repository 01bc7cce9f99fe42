import Platform
import Record
import Sodium

/// A text in which a search found something.
struct IndexHit: Sendable {
  let record: ThingID
  /// The note hash of the manifest of the version that it is in.
  let manifest: SHA256Hash
  let layer: Layer
  let original: Range<Int64>
}

extension SealedIndex {
  /// The texts that are in it, by manifest.
  func covered() throws(IndexFault) -> [SHA256Hash: Set<Layer>] {
    let originals = file.size(.originals)
    let file = file
    let pages = try Parallel.map(0..<file.pages(.texts)) { (number) throws(IndexFault) in
      var page = try file.page(.texts, number)
      defer { page.wipe() }
      return try IndexTexts.rows(page.span, originalsSize: originals).map { ($0.manifest, $0.part.layer) }
    }
    var covered: [SHA256Hash: Set<Layer>] = [:]
    for (manifest, layer) in pages.flatMap({ $0 }) { covered[manifest, default: []].insert(layer) }
    return covered
  }

  /// The texts in which words of `query` occur, of those versions in whose texts all of them do; by record and manifest.
  func search(_ query: SearchQuery) throws(IndexFault) -> [IndexHit] {
    let originals = file.size(.originals)
    let file = file
    return try Parallel.map(0..<file.pages(.texts)) { (number) throws(IndexFault) in
      var page = try file.page(.texts, number)
      defer { page.wipe() }
      return try Self.hits(page.span, query, originals)
    }.flatMap { $0 }
  }

  private static func hits(_ page: Span<UInt8>, _ query: SearchQuery, _ originals: Int64) throws(IndexFault)
    -> [IndexHit]
  {
    let rows = try IndexTexts.rows(page, originalsSize: originals)
    var hits: [IndexHit] = []
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, rows[end].manifest == rows[start].manifest { end += 1 }
      var all = [Bool](repeating: false, count: query.words.count)
      for row in rows[start..<end] { query.note(in: page.extracting(row.folded), &all) }
      if all.allSatisfy({ $0 }) {
        for row in rows[start..<end] where query.firstMatch(in: page.extracting(row.folded)) != nil {
          hits.append(
            IndexHit(
              record: ThingID(kind: .record, hash: row.record), manifest: row.manifest, layer: row.part.layer,
              original: row.original))
        }
      }
      start = end
    }
    return hits
  }

  /// What stands around the first word in each text that was found: the line as it was written. Nil where the index has
  /// other words than it searched.
  ///
  /// Hits lie in the order of the originals, so neighbours are opened together, on all cores.
  func excerpts(of hits: [IndexHit], _ query: SearchQuery, reach: Int = 60) throws(IndexFault) -> [(
    text: String, excerpt: Excerpt
  )?] {
    var runs: [Range<Int>] = []
    for (place, hit) in hits.enumerated() {
      if let last = runs.last, hit.original.lowerBound >= hits[place - 1].original.upperBound,
        hit.original.upperBound - hits[last.lowerBound].original.lowerBound <= 1 << 20
      {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    let file = file
    let all = runs
    return try Parallel.map(0..<all.count) { (number) throws(IndexFault) in
      let run = all[number]
      let start = hits[run.lowerBound].original.lowerBound
      var bytes = try file.part(.originals, start..<hits[run.upperBound - 1].original.upperBound)
      defer { bytes.wipe() }
      return run.map { place in
        let range = hits[place].original
        return Self.excerpt(bytes.span, Int(range.lowerBound - start)..<Int(range.upperBound - start), query, reach)
      }
    }.flatMap { $0 }
  }

  private static func excerpt(_ bytes: Span<UInt8>, _ range: Range<Int>, _ query: SearchQuery, _ reach: Int) -> (
    text: String, excerpt: Excerpt
  )? {
    let original = bytes.extracting(range)
    guard let excerpt = Excerpt(of: query, in: original, reach: reach) else { return nil }
    return (String(decoding: original.extracting(excerpt.shown).copy(), as: UTF8.self), excerpt)
  }
}
