import Record
import Sodium

/// The sections `log`, `locks` and `rows`: what `list` needs.
enum IndexNames {
  /// A name in `log/`, and whether its entry is in the index.
  struct LogName: Sendable, Equatable {
    let file: SHA256Hash
    let isReadable: Bool
  }

  static func encode(log: [KnownEntry]) -> [UInt8] {
    var writer = IndexWriter()
    writer.int32(log.count)
    for one in log {
      writer.hash(one.file)
      writer.byte(one.entry == nil ? 0 : 1)
    }
    return writer.output
  }

  static func decodeLog(_ bytes: Span<UInt8>) throws(IndexFault) -> [LogName] {
    var reader = IndexReader(.log)
    let count = try reader.count(bytes, rowsOf: 33)
    var names: [LogName] = []
    names.reserveCapacity(count)
    for _ in 0..<count {
      let name = LogName(file: try reader.hash(bytes), isReadable: try reader.flag(bytes))
      if let last = names.last, last.file >= name.file { throw reader.fault }
      names.append(name)
    }
    try reader.end(bytes)
    return names
  }

  static func encode(locks: [KnownLock]) -> [UInt8] {
    var writer = IndexWriter()
    writer.int32(locks.count)
    for one in locks {
      writer.hash(one.file)
      switch one.content {
      case .notForYou: writer.byte(0)
      case .keys: writer.byte(1)
      case .opens(let manifest, let layers):
        writer.byte(2)
        writer.hash(manifest)
        writer.byte(bits(layers))
      case .unsigned: writer.byte(3)
      }
    }
    return writer.output
  }

  static func decodeLocks(_ bytes: Span<UInt8>) throws(IndexFault) -> [KnownLock] {
    var reader = IndexReader(.locks)
    let count = try reader.count(bytes, rowsOf: 33)
    var locks: [KnownLock] = []
    locks.reserveCapacity(count)
    for _ in 0..<count {
      let file = try reader.hash(bytes)
      if let last = locks.last, last.file >= file { throw reader.fault }
      let content: KnownLock.Content
      switch try reader.byte(bytes) {
      case 0: content = .notForYou
      case 1: content = .keys
      case 2: content = .opens(manifest: try reader.hash(bytes), try reader.layers(bytes))
      case 3: content = .unsigned
      default: throw reader.fault
      }
      locks.append(KnownLock(file: file, content: content))
    }
    try reader.end(bytes)
    return locks
  }

  static func encode(rows: [IndexRow]) -> [UInt8] {
    var writer = IndexWriter()
    writer.int32(rows.count)
    for row in rows {
      writer.hash(row.record)
      writer.hash(row.caseID)
      writer.hash(row.manifest)
      writer.int64(row.time.seconds)
      writer.byte(bits(row.layers))
      writer.byte(row.isContested ? 1 : 0)
      writer.byte(row.isNewest ? 1 : 0)
      writer.text(row.label)
    }
    return writer.output
  }

  static func decodeRows(_ bytes: Span<UInt8>) throws(IndexFault) -> [IndexRow] {
    var reader = IndexReader(.rows)
    let count = try reader.count(bytes, rowsOf: 111)
    var rows: [IndexRow] = []
    rows.reserveCapacity(count)
    for _ in 0..<count {
      let record = try reader.hash(bytes)
      let caseID = try reader.hash(bytes)
      let manifest = try reader.hash(bytes)
      let time = try reader.time(bytes)
      let layers = try reader.layers(bytes)
      let isContested = try reader.flag(bytes)
      let isNewest = try reader.flag(bytes)
      rows.append(
        IndexRow(
          record: record, caseID: caseID, manifest: manifest, label: try reader.text(bytes), time: time,
          layers: layers, isContested: isContested, isNewest: isNewest))
    }
    try reader.end(bytes)
    return rows
  }

  private static func bits(_ layers: [Layer]) -> UInt8 {
    Layer.allCases.enumerated().reduce(0) { $0 | (layers.contains($1.element) ? 1 << UInt8($1.offset) : 0) }
  }
}

extension IndexReader {
  mutating func time(_ bytes: Span<UInt8>) throws(IndexFault) -> ClaimedTime {
    let seconds = try int64(bytes)
    guard ClaimedTime.range.contains(seconds) else { throw fault }
    return ClaimedTime(clamping: seconds)
  }
}
