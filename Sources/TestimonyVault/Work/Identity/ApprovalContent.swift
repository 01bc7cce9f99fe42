import Age
import Record
import Sodium

/// What a custodian sends the requester: for each identity, in the request's order, a line with the number of bytes of the
/// share note, and the note; `0` where the custodian has none. In guarded memory, from the first byte to the last.
enum ApprovalContent {
  /// An age file to the request's fresh recipient.
  static func seal(_ notes: [ShareNote?], to recipient: NativeRecipient) throws(AgeError) -> [UInt8] {
    let lines = notes.map { Array("\($0?.encoded.secret.count ?? 0)\n".utf8) }
    let size = zip(lines, notes).reduce(0) { $0 + $1.0.count + ($1.1?.encoded.secret.count ?? 0) }
    let content = Secret(count: size) { memory in
      var place = 0
      for (line, note) in zip(lines, notes) {
        for byte in line {
          memory[place] = byte
          place += 1
        }
        if let note { place = copy(note.encoded.secret, into: &memory, at: place) }
      }
    }
    return try AgeFile.seal(content.bytes, to: [recipient])
  }

  private static func copy(_ secret: borrowing Secret, into memory: inout MutableSpan<UInt8>, at start: Int) -> Int {
    for index in secret.bytes.indices { memory[start + index] = secret.bytes[index] }
    return start + secret.count
  }

  enum Fault: Error {
    /// It is not sealed to this request's fresh key.
    case doesNotOpen
    case malformed
  }

  /// A note of one identity as it was sent: nil for none; not parsed where it is no share note.
  enum Part {
    case none
    case note(ShareNote)
    case malformed
  }

  /// Opens an approval. `count`: of how many identities.
  static func open(_ file: [UInt8], with fresh: NativeIdentity, count: Int) throws(Fault) -> [Part] {
    let content: Secret
    do { content = try AgeFile.open(file.span, with: [fresh]) } catch { throw .doesNotOpen }
    let bytes = content.bytes
    var parts: [Part] = []
    var place = 0
    for _ in 0..<count {
      let size = try length(in: bytes, at: &place)
      guard size <= bytes.count - place else { throw .malformed }
      let note = bytes.extracting(place..<(place + size))
      place += size
      if size == 0 {
        parts.append(.none)
      } else if let note = try? ShareNote(parsing: note) {
        parts.append(.note(note))
      } else {
        parts.append(.malformed)
      }
    }
    guard place == bytes.count else { throw .malformed }
    return parts
  }

  /// A decimal number without leading zeros, and a newline.
  private static func length(in bytes: Span<UInt8>, at place: inout Int) throws(Fault) -> Int {
    var (value, digits) = (0, 0)
    while place < bytes.count, bytes[place] != UInt8(ascii: "\n") {
      let digit = Int(bytes[place]) - 48
      guard (0...9).contains(digit), digits < 7, digits == 0 || value > 0 else { throw .malformed }
      value = value * 10 + digit
      digits += 1
      place += 1
    }
    guard place < bytes.count, digits > 0 else { throw .malformed }
    place += 1
    return value
  }
}
