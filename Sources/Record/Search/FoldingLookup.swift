/// `FoldingTable` in a form that answers for one character at once: blocks of 128, those without an entry shared.
struct FoldingLookup: Sendable {
  static let shared = FoldingLookup()

  /// What becomes of a character.
  enum Fold: Equatable {
    case stays
    /// Becomes the scalars at these places of `pool`; none, where it is dropped.
    case becomes(Range<Int>)
    /// A mark that stays, by its canonical combining class.
    case mark(UInt8)
  }

  let pool: [UInt32]
  private let blocks: [UInt16]
  /// Two bits say which case; then the class, or where in the pool (24 bits) and how many (6 bits).
  private let values: [UInt32]

  private static let blockSize = 128
  private static let mark: UInt32 = 1
  private static let becomes: UInt32 = 2

  func fold(of scalar: UInt32) -> Fold {
    let value = values[Int(blocks[Int(scalar >> 7)]) * Self.blockSize + Int(scalar & 127)]
    switch value & 3 {
    case 0: return .stays
    case Self.mark: return .mark(UInt8(truncatingIfNeeded: value >> 2))
    default:
      let start = Int(value >> 8)
      return .becomes(start..<start + Int(value >> 2 & 63))
    }
  }

  private init() {
    var builder = Builder()
    for word in Self.words(FoldingTable.letters) {
      var reader = Reader(word)
      let (first, last) = reader.points()
      let step = reader.count(of: UInt8(ascii: "/"))
      reader.skip(UInt8(ascii: ">"))
      var target: [UInt32] = []
      while !reader.isAtEnd {
        target.append(reader.hex())
        reader.skip(UInt8(ascii: "+"))
      }
      for point in stride(from: first, through: last, by: max(1, step)) {
        builder.becomes(point, target.map { $0 + (step == 0 ? 0 : point - first) })
      }
    }
    for word in Self.words(FoldingTable.marks) {
      var reader = Reader(word)
      let (first, last) = reader.points()
      reader.skip(UInt8(ascii: "="))
      let order = reader.decimal()
      for point in first...last { builder.set(point, order << 2 | Self.mark) }
    }
    (pool, blocks, values) = (builder.pool, builder.blocks, builder.values)
  }

  private struct Builder {
    var pool: [UInt32] = []
    var blocks = [UInt16](repeating: 0, count: 0x110000 / blockSize)
    var values = [UInt32](repeating: 0, count: blockSize)

    mutating func becomes(_ point: UInt32, _ target: [UInt32]) {
      set(point, UInt32(pool.count) << 8 | UInt32(target.count) << 2 | FoldingLookup.becomes)
      pool += target
    }

    mutating func set(_ point: UInt32, _ value: UInt32) {
      let block = Int(point >> 7)
      if blocks[block] == 0 {
        blocks[block] = UInt16(values.count / blockSize)
        values += [UInt32](repeating: 0, count: blockSize)
      }
      values[Int(blocks[block]) * blockSize + Int(point & 127)] = value
    }
  }

  private static func words(_ text: String) -> [[UInt8]] {
    Array(text.utf8).split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map(Array.init)
  }

  /// Reads one word of the table.
  private struct Reader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func points() -> (first: UInt32, last: UInt32) {
      let first = hex()
      guard skip(UInt8(ascii: ".")) else { return (first, first) }
      return (first, hex())
    }

    mutating func hex() -> UInt32 {
      var value: UInt32 = 0
      while !isAtEnd, let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue {
        value = value << 4 | UInt32(digit)
        place += 1
      }
      return value
    }

    mutating func decimal() -> UInt32 {
      var value: UInt32 = 0
      while !isAtEnd, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
        value = value * 10 + UInt32(bytes[place] - UInt8(ascii: "0"))
        place += 1
      }
      return value
    }

    mutating func count(of byte: UInt8) -> Int {
      var count = 0
      while skip(byte) { count += 1 }
      return count
    }

    @discardableResult mutating func skip(_ byte: UInt8) -> Bool {
      guard !isAtEnd, bytes[place] == byte else { return false }
      place += 1
      return true
    }
  }
}
