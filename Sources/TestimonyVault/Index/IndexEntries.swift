import Record
import Sodium

/// The sections `entries` and `bodies`: the readable entries in the order of their files' names.
struct IndexEntries {
  private(set) var pools = IndexPools()
  private(set) var rows = IndexWriter()
  private(set) var bodies = IndexWriter()

  /// Where a body lies in its section.
  struct BodyPlace: Sendable {
    let start: Int64
    let count: Int
  }

  struct Decoded {
    var entries: [IndexedEntry] = []
    var bodies: [BodyPlace] = []
  }

  init(encoding log: [KnownEntry]) throws(RecordError) {
    let readable = log.compactMap(\.entry)
    rows.int32(readable.count)
    for one in readable { try append(one) }
  }

  private mutating func append(_ one: IndexedEntry) throws(RecordError) {
    let entry = one.entry
    rows.hash(one.note)
    rows.int32(pools.hashes.number(one.signer))
    rows.int32(pools.types.number(entry.type))
    rows.int32(pools.hashes.number(entry.author))
    rows.int32(pools.chains.number(entry.chain))
    rows.int64(entry.seq)
    rows.int32(pools.links.number(entry.prev?.link))
    rows.int32(pools.addresses.number(entry.prev?.to))
    rows.int32(pools.links.number(entry.backSame))
    rows.int32(pools.links.number(entry.backMembers))
    for list in [entry.roster, entry.seen, entry.void] { rows.int32(pools.lists.number(list)) }
    rows.int64(entry.time.seconds)
    rows.int32(pools.addresses.number(entry.to))
    let body = try entry.content.text()
    rows.int64(Int64(bodies.count))
    rows.int32(body.count)
    bodies.bytes(body)
    guard let head = one.manifest else { return rows.byte(one.isBorneOut ? 2 : 0) }
    rows.byte(1)
    rows.hash(head.record)
    rows.int32(pools.hashes.number(head.caseID))
    rows.int64(Int64(head.version))
    rows.int32(pools.lists.number(head.previous))
    rows.int32(pools.hashes.number(head.originAuthor))
    rows.hash(head.digest)
    rows.int32(pools.hashes.number(head.replaces))
  }

  /// - Parameter kept: has what the entries say, each by its number, counted from 0.
  static func decode(
    _ bytes: Span<UInt8>, _ pools: IndexPools, vault: SHA256Hash, bodiesSize: Int64, kept: any KeptBodies
  ) throws(IndexFault) -> Decoded {
    var reader = IndexReader(.entries)
    let count = try reader.count(bytes, rowsOf: 109)
    var decoded = Decoded()
    decoded.entries.reserveCapacity(count)
    decoded.bodies.reserveCapacity(count)
    for number in 0..<count {
      let note = try reader.hash(bytes)
      let signer = try reader.value(pools.hashes, bytes)
      let type = try reader.value(pools.types, bytes)
      let author = try reader.value(pools.hashes, bytes)
      let chain = try reader.value(pools.chains, bytes)
      let seq = try reader.int64(bytes)
      let link = try reader.optional(pools.links, bytes)
      let to = try reader.optional(pools.addresses, bytes)
      guard seq >= 1, (link == nil) == (to == nil), link == nil || seq > 1 else { throw reader.fault }
      var prev: (link: Entry.Link, to: Entry.Address)?
      if let link, let to { prev = (link, to) }
      let entry = Entry(
        vault: vault, type: type, author: author, chain: chain, seq: seq, prev: prev,
        backSame: try reader.optional(pools.links, bytes), backMembers: try reader.optional(pools.links, bytes),
        roster: try reader.value(pools.lists, bytes), seen: try reader.value(pools.lists, bytes),
        void: try reader.value(pools.lists, bytes), time: try reader.time(bytes),
        to: try reader.value(pools.addresses, bytes), content: .kept(kept, number))
      let place = BodyPlace(start: try reader.int64(bytes), count: try reader.int32(bytes))
      guard place.start >= 0, place.start <= bodiesSize, Int64(place.count) <= bodiesSize - place.start else {
        throw reader.fault
      }
      decoded.bodies.append(place)
      let kind = try reader.byte(bytes)
      guard kind < 2 || kind == 2 && type == .note else { throw reader.fault }
      let head = kind == 1 ? try reader.manifest(pools, bytes) : nil
      decoded.entries.append(
        IndexedEntry(entry: entry, note: note, signer: signer, manifest: head, isBorneOut: kind == 2))
    }
    try reader.end(bytes)
    return decoded
  }
}

extension IndexReader {
  fileprivate mutating func manifest(_ pools: IndexPools, _ bytes: Span<UInt8>) throws(IndexFault) -> ManifestHead {
    let record = try hash(bytes)
    let caseID = try value(pools.hashes, bytes)
    let version = Int(try int64(bytes))
    guard version >= 1 else { throw fault }
    let previous = try value(pools.lists, bytes)
    let originAuthor = try value(pools.hashes, bytes)
    let digest = try hash(bytes)
    return ManifestHead(
      record: record, caseID: caseID, version: version, previous: previous, originAuthor: originAuthor, digest: digest,
      replaces: try optional(pools.hashes, bytes))
  }
}
