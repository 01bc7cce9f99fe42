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

  /// What stands around the first word in a text: the line as it was written.
  func excerpt(of hit: IndexHit, _ query: SearchQuery, reach: Int = 60) throws(IndexFault) -> (
    text: String, excerpt: Excerpt
  )? {
    let original = try file.part(.originals, hit.original)
    guard let excerpt = Excerpt(of: query, in: original.span, reach: reach) else { return nil }
    return (String(decoding: original[excerpt.shown], as: UTF8.self), excerpt)
  }
}
