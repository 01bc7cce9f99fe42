import Record
import Sodium

/// The sections `texts` and `originals`. The texts lie in pages, so that all cores can search them, each page by itself;
/// what belongs to one manifest lies in one page.
struct IndexTexts {
  private(set) var pages: [[UInt8]] = []
  private(set) var originals: [UInt8] = []

  /// One text of a page.
  struct Row: Sendable, Equatable {
    let record: SHA256Hash
    let manifest: SHA256Hash
    let part: IndexText.Part
    /// In the page.
    let folded: Range<Int>
    /// In the section `originals`.
    let original: Range<Int64>
  }

  static let rowSize = 32 + 32 + 1 + 4 + 8 + 4
  private static let pageSize = 1 << 20
  /// The note in front names each page.
  private static let pagesLimit = 1500

  init(encoding texts: [IndexText]) {
    let sorted = texts.sorted {
      ($0.record, $0.manifest, $0.part.rawValue) < ($1.record, $1.manifest, $1.part.rawValue)
    }
    let size = max(Self.pageSize, sorted.reduce(0) { $0 + $1.folded.count + Self.rowSize } / Self.pagesLimit)
    var page: [IndexText] = []
    var filled = 0
    for text in sorted {
      if filled >= size, page.last?.manifest != text.manifest {
        finish(page)
        page = []
        filled = 0
      }
      page.append(text)
      filled += text.folded.count + Self.rowSize
    }
    if !page.isEmpty { finish(page) }
  }

  private mutating func finish(_ page: [IndexText]) {
    var writer = IndexWriter()
    writer.int32(page.count)
    for text in page {
      writer.hash(text.record)
      writer.hash(text.manifest)
      writer.byte(text.part.rawValue)
      writer.int32(text.folded.count)
      writer.int64(Int64(originals.count))
      writer.int32(text.original.count)
      originals += text.original
    }
    for text in page { writer.bytes(text.folded) }
    pages.append(writer.output)
  }

  static func rows(_ bytes: Span<UInt8>, originalsSize: Int64) throws(IndexFault) -> [Row] {
    var reader = IndexReader(.texts)
    let count = try reader.count(bytes, rowsOf: rowSize)
    var rows: [Row] = []
    rows.reserveCapacity(count)
    var start = 4 + count * rowSize
    for _ in 0..<count {
      let record = try reader.hash(bytes)
      let manifest = try reader.hash(bytes)
      guard let part = IndexText.Part(rawValue: try reader.byte(bytes)) else { throw reader.fault }
      let size = try reader.int32(bytes)
      let original = try reader.int64(bytes)
      let length = Int64(try reader.int32(bytes))
      guard size <= bytes.count - start, original >= 0, original <= originalsSize, length <= originalsSize - original
      else { throw reader.fault }
      rows.append(
        Row(
          record: record, manifest: manifest, part: part, folded: start..<start + size,
          original: original..<original + length))
      start += size
    }
    guard start == bytes.count else { throw reader.fault }
    return rows
  }
}
