extension JSON {
  /// How deep arrays and objects may be nested.
  public static let depthLimit = 64
  /// How many values one JSON may hold: a value takes ten times the memory of its two bytes.
  public static let valueLimit = 1_000_000

  /// Reads one JSON value and the white space around it (RFC 8259, strictly).
  ///
  /// Refuses what is not UTF-8, a key twice (by bytes), half a surrogate pair, control characters in strings, nesting
  /// beyond 64, more than a million values, and anything behind the value but white space. How long the input may be is
  /// the caller's to say.
  public init(parsing bytes: Span<UInt8>) throws(JSONError) {
    do {
      _ = try UTF8Span(validating: bytes)
    } catch {
      throw JSONError(offset: error.byteOffsets.lowerBound, kind: .notUTF8)
    }
    var parser = JSONParser()
    self = try parser.value(bytes, depth: 0)
    parser.skipSpace(bytes)
    guard parser.offset == bytes.count else {
      throw JSONError(offset: parser.offset, kind: .trailingBytes)
    }
  }
}

/// A place in UTF-8 bytes. A span cannot be kept, so each function is handed it; each leaves `offset` behind what it read.
struct JSONParser {
  var offset = 0
  private var values = 0

  mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
    skipSpace(bytes)
    values += 1
    guard values <= JSON.valueLimit else { throw error(.tooManyValues) }
    switch try peek(bytes) {
    case UInt8(ascii: "{"): return try object(bytes, depth: depth + 1)
    case UInt8(ascii: "["): return try array(bytes, depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string(bytes))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(bytes)
    case UInt8(ascii: "n"): return try word("null", .null, bytes)
    case UInt8(ascii: "t"): return try word("true", .bool(true), bytes)
    case UInt8(ascii: "f"): return try word("false", .bool(false), bytes)
    default: throw error(.unexpectedByte)
    }
  }

  mutating func skipSpace(_ bytes: Span<UInt8>) {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
    guard depth <= JSON.depthLimit else { throw error(.tooDeep) }
    offset += 1
    var members: [JSONMember] = []
    var keys: Set<[UInt8]> = []
    if try take(UInt8(ascii: "}"), bytes) { return .object(JSONObject()) }
    while true {
      skipSpace(bytes)
      let place = offset
      guard try peek(bytes) == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
      let key = try string(bytes)
      guard keys.insert(Array(key.utf8)).inserted else {
        throw JSONError(offset: place, kind: .repeatedKey)
      }
      guard try take(UInt8(ascii: ":"), bytes) else { throw error(.unexpectedByte) }
      members.append(JSONMember(key: key, value: try value(bytes, depth: depth)))
      if try take(UInt8(ascii: "}"), bytes) { return .object(JSONObject(checked: members)) }
      guard try take(UInt8(ascii: ","), bytes) else { throw error(.unexpectedByte) }
    }
  }

  private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
    guard depth <= JSON.depthLimit else { throw error(.tooDeep) }
    offset += 1
    var elements: [JSON] = []
    if try take(UInt8(ascii: "]"), bytes) { return .array([]) }
    while true {
      elements.append(try value(bytes, depth: depth))
      if try take(UInt8(ascii: "]"), bytes) { return .array(elements) }
      guard try take(UInt8(ascii: ","), bytes) else { throw error(.unexpectedByte) }
    }
  }

  private mutating func word(
    _ word: String, _ value: JSON, _ bytes: Span<UInt8>
  ) throws(JSONError) -> JSON {
    for byte in word.utf8 {
      guard try peek(bytes) == byte else { throw error(.unexpectedByte) }
      offset += 1
    }
    return value
  }

  /// Takes `byte` and the white space before it, if it is next.
  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
    skipSpace(bytes)
    guard try peek(bytes) == byte else { return false }
    offset += 1
    return true
  }

  func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
    guard offset < bytes.count else { throw error(.unexpectedEnd) }
    return bytes[offset]
  }

  func error(_ kind: JSONError.Kind) -> JSONError {
    JSONError(offset: offset, kind: kind)
  }
}
