import Sodium
import Testing

@testable import Age

@Suite struct SeekableReaderTests {
  static let identity = NativeIdentity.generate(.hybrid)

  static func reader(_ file: [UInt8], claiming size: Int? = nil) throws -> SeekableReader {
    try SeekableReader(fileSize: UInt64(size ?? file.count), with: [identity]) { offset, buffer in
      var position = Int(offset)
      return Feed.fill(&buffer, from: file, at: &position)
    }
  }

  @Test(arguments: [0, 1, 65535, 65536, 65537, 131072, 300_000]) func anyPart(_ size: Int) throws {
    var random = Seeded(UInt64(size))
    let plaintext = random.bytes(size)
    let reader = try Self.reader(AgeFile.seal(plaintext.span, to: [Self.identity.recipient]))
    #expect(reader.size == UInt64(size))
    #expect(try reader.read(at: 0, count: size + 10) == plaintext)
    #expect(try reader.read(at: UInt64(size), count: 1).isEmpty)
    for _ in 0..<50 where size > 0 {
      let start = Int.random(in: 0..<size, using: &random)
      let count = Int.random(in: 0...size, using: &random)
      let part = try reader.read(at: UInt64(start), count: count)
      #expect(part == Array(plaintext[start..<min(size, start + count)]))
      // The same into memory that is there already; what lies behind the end stays as it is.
      var memory = [UInt8](repeating: 0xEE, count: count)
      var span = memory.mutableSpan
      let filled = try reader.read(at: UInt64(start), into: &span)
      #expect(filled == part.count)
      #expect(memory == part + [UInt8](repeating: 0xEE, count: count - part.count))
    }
  }

  @Test func aFileCutShortIsRefusedFirst() throws {
    let plaintext = Random.bytes(3 * Payload.chunkSize)
    let file = try AgeFile.seal(plaintext.span, to: [Self.identity.recipient])
    let (_, length) = try Header.parse(file.span)
    for chunks in 0..<3 {
      let cut = Array(file[..<(length + Payload.nonceSize + chunks * Payload.sealedChunkSize)])
      #expect(throws: AgeError.truncatedPayload) { _ = try Self.reader(cut) }
    }
    #expect(throws: AgeError.self) { _ = try Self.reader(Array(file.dropLast())) }
    #expect(throws: AgeError.truncatedPayload) { _ = try Self.reader(file, claiming: file.count + 1) }
  }

  @Test func onlyTheDamagedChunkIsRefused() throws {
    let plaintext = Random.bytes(3 * Payload.chunkSize)
    var file = try AgeFile.seal(plaintext.span, to: [Self.identity.recipient])
    let (_, length) = try Header.parse(file.span)
    file[length + Payload.nonceSize + Payload.sealedChunkSize + 9] ^= 1
    let reader = try Self.reader(file)
    #expect(try reader.read(at: 0, count: Payload.chunkSize) == Array(plaintext[..<Payload.chunkSize]))
    #expect(throws: AgeError.chunkNotAuthentic(1)) {
      var memory = [UInt8](repeating: 0, count: 2 * Payload.chunkSize)
      var span = memory.mutableSpan
      _ = try reader.read(at: 0, into: &span)
    }
    #expect(throws: AgeError.chunkNotAuthentic(1)) {
      _ = try reader.read(at: UInt64(Payload.chunkSize), count: 1)
    }
  }
}
