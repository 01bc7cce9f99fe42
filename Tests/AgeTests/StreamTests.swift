import Sodium
import Synchronization
import Testing

@testable import Age

@Suite struct StreamTests {
  struct Refused: Error, Equatable { let place: String }

  static let identity = NativeIdentity.generate(.classic)
  static let sizes: [Int] = {
    var random = Seeded(7)
    let fixed = [0, 1, 65535, 65536, 65537, 131072, 4_194_303, 4_194_304, 4_194_305, 8_388_608]
    return fixed + (0..<4).map { _ in Int.random(in: 0...20_000_000, using: &random) }
  }()

  static func seal(_ plaintext: [UInt8], workers: Int? = nil) throws -> (file: [UInt8], observed: [UInt8]) {
    var (file, observed, position) = ([UInt8](), [UInt8](), 0)
    try StreamSealer(to: [identity.recipient], workers: workers).run(
      reading: { Feed.fill(&$0, from: plaintext, at: &position) }, observing: { observed += $0.copy() },
      writing: { file += $0.copy() })
    return (file, observed)
  }

  static func open(_ file: [UInt8], workers: Int? = nil) throws -> (plaintext: [UInt8], observed: [UInt8]) {
    var (plaintext, observed, position) = ([UInt8](), [UInt8](), 0)
    try StreamOpener(with: [identity], workers: workers).run(
      reading: { Feed.fill(&$0, from: file, at: &position) }, observing: { observed += $0.copy() },
      writing: { plaintext += $0.copy() })
    return (plaintext, observed)
  }

  /// What is sealed may speak of the file that it will be in.
  @Test(arguments: [0, 100, 200_000]) func theHeaderIsWrittenBeforeAnythingIsRead(_ size: Int) throws {
    let plaintext = [UInt8](repeating: 7, count: size)
    var pieces: [[UInt8]] = []
    var piecesBefore = 0
    var position = 0
    try StreamSealer(to: [Self.identity.recipient]).run(
      reading: {
        if position == 0 { piecesBefore = pieces.count }
        return Feed.fill(&$0, from: plaintext, at: &position)
      }, writing: { pieces.append($0.copy()) })
    #expect(piecesBefore == 1)
    let first = try #require(pieces.first)
    let (_, length) = try Header.parse(first.span)
    #expect(first.count == length + Payload.nonceSize)
  }

  @Test(arguments: sizes) func thereAndBack(_ size: Int) throws {
    var random = Seeded(UInt64(size))
    let plaintext = random.bytes(size)
    for workers in [1, 2, 7] {
      let (file, seen) = try Self.seal(plaintext, workers: workers)
      #expect(seen == plaintext)
      let (_, length) = try Header.parse(file.span)
      #expect(file.count == AgeFile.sealedSize(plaintext: size, headerSize: length))
      let whole = try AgeFile.open(file.span, with: [Self.identity])
      #expect(whole.bytes.copy() == plaintext)
      let (opened, observed) = try Self.open(file, workers: workers)
      #expect(opened == plaintext && observed == file)
    }
    let whole = try AgeFile.seal(plaintext.span, to: [Self.identity.recipient])
    #expect(try Self.open(whole).plaintext == plaintext)
  }

  @Test func alteredOrCutAtEveryChunk() throws {
    let (chunk, sealed) = (Payload.chunkSize, Payload.sealedChunkSize)
    let plaintext = Random.bytes(70 * chunk + 5)
    let (file, _) = try Self.seal(plaintext)
    let (_, length) = try Header.parse(file.span)
    let start = length + Payload.nonceSize
    for number in stride(from: 0, through: 70, by: 1) {
      var altered = file
      altered[start + number * sealed] ^= 0x80
      let (error, given) = Self.failure(altered)
      #expect(error == .chunkNotAuthentic(UInt64(number)))
      #expect(given == Array(plaintext[..<(number * chunk)]))
      // Cut just behind this chunk, and just behind the one before.
      if number < 70 {
        let (cut, _) = Self.failure(Array(file[..<(start + (number + 1) * sealed)]))
        #expect(cut == .truncatedPayload)
      }
      for extra in [1, 15, 16, 17] where number < 70 {
        let (cut, given) = Self.failure(Array(file[..<(start + number * sealed + extra)]))
        #expect(cut?.outcome == .payloadFailure && given == Array(plaintext[..<(number * chunk)]))
      }
    }
    let (error, given) = Self.failure(file + [0])
    #expect(error?.outcome == .payloadFailure && given.count == 70 * chunk)
  }

  static func failure(_ file: [UInt8]) -> (AgeError?, [UInt8]) {
    var (plaintext, position) = ([UInt8](), 0)
    do {
      try StreamOpener(with: [identity]).run(
        reading: { Feed.fill(&$0, from: file, at: &position) }, writing: { plaintext += $0.copy() })
      return (nil, plaintext)
    } catch { return (error as? AgeError, plaintext) }
  }

  @Test func chunksSwappedAreRefused() throws {
    let plaintext = Random.bytes(4 * Payload.chunkSize)
    let (file, _) = try Self.seal(plaintext)
    let (_, length) = try Header.parse(file.span)
    let first = length + Payload.nonceSize
    let second = first + Payload.sealedChunkSize
    let third = second + Payload.sealedChunkSize
    let swapped = Array(file[..<first] + file[second..<third] + file[first..<second] + file[third...])
    #expect(Self.failure(swapped).0 == .chunkNotAuthentic(0))
  }

  /// Whatever a closure throws comes out as it is, at any batch, with any number of workers, and nobody hangs.
  @Test(arguments: ["reading", "observing", "writing"], [1, 2, 5]) func closuresMayThrow(
    _ place: String, _ workers: Int
  ) throws {
    let plaintext = Random.bytes(20_000_000)
    let (file, _) = try Self.seal(plaintext)
    for failing in 1...5 {
      for sealing in [true, false] {
        var (calls, position) = (["reading": 0, "observing": 0, "writing": 0], 0)
        let lock = Mutex(())
        func count(_ name: String) throws {
          let number = lock.withLock { _ in
            calls[name, default: 0] += 1
            return calls[name, default: 0]
          }
          if name == place, number == failing { throw Refused(place: place) }
        }
        let input = sealing ? plaintext : file
        let reading = { (span: inout MutableSpan<UInt8>) throws -> Int in
          try count("reading")
          return Feed.fill(&span, from: input, at: &position)
        }
        #expect(throws: Refused(place: place)) {
          if sealing {
            try StreamSealer(to: [Self.identity.recipient], workers: workers).run(
              reading: reading, observing: { _ in try count("observing") },
              writing: { _ in try count("writing") })
          } else {
            try StreamOpener(with: [Self.identity], workers: workers).run(
              reading: reading, observing: { _ in try count("observing") },
              writing: { _ in try count("writing") })
          }
        }
      }
    }
  }

  @Test func eachRunIsAFileOfItsOwn() throws {
    let sealer = try StreamSealer(to: [Self.identity.recipient])
    var files: [[UInt8]] = [[], []]
    for index in 0...1 { try sealer.run(reading: { _ in 0 }, writing: { files[index] += $0.copy() }) }
    #expect(files[0] != files[1])
    let opened = try files.map { try AgeFile.open($0.span, with: [Self.identity]).count }
    #expect(opened == [0, 0])
  }
}
