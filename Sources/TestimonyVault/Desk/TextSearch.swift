public import Record
public import Sodium

/// Searching all texts that a member may open: in their index, or in memory where no index could be kept.
public struct TextSearch: Sendable {
  enum Source: Sendable {
    case index(SealedIndex)
    case texts([IndexText])
  }

  /// A text in which words were found.
  public struct Hit: Sendable {
    public let record: ThingID
    /// The note hash of the manifest of the version that it is in.
    public let manifest: SHA256Hash
    public let layer: Layer
    /// What stands around the first word, as it was written.
    public let excerpt: String
  }

  private let source: Source
  public let rows: [IndexRow]

  init(_ source: Source, rows: [IndexRow]) {
    self.source = source
    self.rows = rows
  }

  /// The texts in which words of `query` occur, of those versions in whose texts all of them do. An index that cannot be
  /// read throws.
  public func hits(_ query: SearchQuery) throws(VaultError) -> [Hit] {
    switch source {
    case .index(let index):
      do {
        let hits = try index.search(query)
        return zip(hits, try index.excerpts(of: hits, query)).map { hit, found in
          Hit(record: hit.record, manifest: hit.manifest, layer: hit.layer, excerpt: found?.text ?? "")
        }
      } catch { throw .unexpected("index") }
    case .texts(let texts): return Self.hits(in: texts, query)
    }
  }

  private static func hits(in texts: [IndexText], _ query: SearchQuery) -> [Hit] {
    Dictionary(grouping: texts, by: \.manifest).values.flatMap { several -> [Hit] in
      var all = [Bool](repeating: false, count: query.words.count)
      for text in several { query.note(in: text.folded.span, &all) }
      guard all.allSatisfy({ $0 }) else { return [] }
      return several.filter { query.firstMatch(in: $0.folded.span) != nil }.map { text in
        let shown = Excerpt(of: query, in: text.original.span, reach: 60).map { text.original[$0.shown] } ?? []
        return Hit(
          record: ThingID(kind: .record, hash: text.record), manifest: text.manifest, layer: text.part.layer,
          excerpt: String(decoding: shown, as: UTF8.self))
      }
    }.sorted { ($0.record, $0.manifest, $0.layer.rawValue) < ($1.record, $1.manifest, $1.layer.rawValue) }
  }
}
