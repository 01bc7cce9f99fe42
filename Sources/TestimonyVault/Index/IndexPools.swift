import Record
import Sodium

/// The section `pools`: what many entries have in common, once. Entries name it by its number, counted from 1; 0 is none.
struct IndexPools {
  var hashes = Pool<SHA256Hash>()
  var chains = Pool<[UInt8]>()
  var types = Pool<EntryType>()
  var addresses = Pool<Entry.Address>()
  var links = Pool<Entry.Link>()
  var lists = Pool<[SHA256Hash]>()

  /// Values by number, and numbers by value.
  struct Pool<Value: Hashable> {
    var values: [Value] = []
    private var numbers: [Value: Int] = [:]

    mutating func number(_ value: Value?) -> Int {
      guard let value else { return 0 }
      if let number = numbers[value] { return number }
      values.append(value)
      numbers[value] = values.count
      return values.count
    }
  }

  func encoded() -> [UInt8] {
    var writer = IndexWriter()
    writer.int32(hashes.values.count)
    for hash in hashes.values { writer.hash(hash) }
    writer.int32(chains.values.count)
    for chain in chains.values { writer.bytes(chain) }
    writer.int32(types.values.count)
    for type in types.values { writer.text(type.word) }
    writer.int32(addresses.values.count)
    for address in addresses.values {
      writer.text(address.circle)
      writer.hash(address.epoch)
    }
    writer.int32(links.values.count)
    for link in links.values {
      writer.int64(link.seq)
      writer.hash(link.note)
      writer.hash(link.file)
    }
    writer.int32(lists.values.count)
    for list in lists.values {
      writer.int32(list.count)
      for hash in list { writer.hash(hash) }
    }
    return writer.output
  }

  init() {}

  init(_ bytes: Span<UInt8>) throws(IndexFault) {
    var reader = IndexReader(.pools)
    for _ in 0..<(try reader.count(bytes, rowsOf: 32)) { hashes.values.append(try reader.hash(bytes)) }
    for _ in 0..<(try reader.count(bytes, rowsOf: 16)) { chains.values.append(try reader.bytes(bytes, count: 16)) }
    for _ in 0..<(try reader.count(bytes, rowsOf: 4)) { types.values.append(EntryType(word: try reader.text(bytes))) }
    for _ in 0..<(try reader.count(bytes, rowsOf: 36)) {
      let circle = try reader.text(bytes)
      addresses.values.append(Entry.Address(circle: circle, epoch: try reader.hash(bytes)))
    }
    let count = try reader.count(bytes, rowsOf: 72)
    links.values.reserveCapacity(count)
    for _ in 0..<count {
      let seq = try reader.int64(bytes)
      guard seq >= 1 else { throw reader.fault }
      let note = try reader.hash(bytes)
      links.values.append(Entry.Link(seq: seq, note: note, file: try reader.hash(bytes)))
    }
    for _ in 0..<(try reader.count(bytes, rowsOf: 4)) {
      var list: [SHA256Hash] = []
      for _ in 0..<(try reader.count(bytes, rowsOf: 32)) { list.append(try reader.hash(bytes)) }
      lists.values.append(list)
    }
    try reader.end(bytes)
  }
}

extension IndexReader {
  /// The pool's value whose number follows; nil for none.
  mutating func optional<Value>(_ pool: IndexPools.Pool<Value>, _ bytes: Span<UInt8>) throws(IndexFault) -> Value? {
    let number = try int32(bytes)
    if number == 0 { return nil }
    guard number <= pool.values.count else { throw fault }
    return pool.values[number - 1]
  }

  mutating func value<Value>(_ pool: IndexPools.Pool<Value>, _ bytes: Span<UInt8>) throws(IndexFault) -> Value {
    guard let value = try optional(pool, bytes) else { throw fault }
    return value
  }
}
