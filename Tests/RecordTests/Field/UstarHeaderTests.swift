import Foundation
import Record
import Testing

struct UstarHeaderTests {
  private static let name = Array("\(String(repeating: "ab", count: 32)).age".utf8)

  private func header(_ size: UInt64 = 700, name: [UInt8] = name) throws -> UstarHeader {
    try #require(UstarHeader(file: name, size: size))
  }

  private func read(_ block: [UInt8]) -> UstarHeader? { UstarHeader(parsing: block.span) }

  @Test(arguments: [0, 1, 511, 512, 513, 1 << 20, (1 << 33) - 1] as [UInt64])
  func whatIsPrintedReadsBack(size: UInt64) throws {
    let one = try header(size)
    let bytes = one.encoded
    #expect(bytes.count == UstarHeader.blockSize)
    #expect(read(bytes) == one)
    #expect((size + UInt64(one.padding)) % 512 == 0 && one.padding < 512)
  }

  @Test func namesAndSizesThatDoNotFitAreNotPrinted() {
    #expect(UstarHeader(file: Self.name, size: 1 << 33) == nil)
    #expect(UstarHeader(file: [], size: 1) == nil)
    #expect(UstarHeader(file: [UInt8](repeating: 65, count: 101), size: 1) == nil)
    #expect(UstarHeader(file: [65, 0, 66], size: 1) == nil)
    #expect(UstarHeader(file: [UInt8](repeating: 65, count: 100), size: 1) != nil)
  }

  @Test func everyOtherByteIsNoticed() throws {
    let good = try header().encoded
    for place in good.indices where !(154...155).contains(place) {
      var bytes = good
      bytes[place] ^= 1
      #expect(read(bytes) == nil, "byte \(place)")
    }
  }

  @Test func hostileBlocksAreNone() throws {
    let good = try header().encoded
    /// With a checksum that is right again.
    func patched(_ place: Int, _ bytes: [UInt8]) -> UstarHeader? {
      var block = good
      block.replaceSubrange(place..<place + bytes.count, with: bytes)
      for index in 148..<156 { block[index] = 32 }
      let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
      block.replaceSubrange(148..<148 + sum.utf8.count, with: Array(sum.utf8))
      return read(block)
    }
    #expect(patched(0, [65])?.size == 700)
    #expect(patched(124, [0x80] + [UInt8](repeating: 255, count: 11)) == nil, "a size in base 256")
    #expect(patched(124, Array("777777777777".utf8)) == nil, "64 GiB")
    #expect(patched(124, Array("-0000000001".utf8)) == nil)
    #expect(patched(124, [UInt8](repeating: 0, count: 12)) == nil)
    #expect(patched(124, [UInt8](repeating: 32, count: 12)) == nil)
    #expect(patched(257, Array("USTAR".utf8)) == nil)
    #expect(patched(156, Array("2".utf8))?.kind == .other, "a link")
    #expect(patched(156, Array("5".utf8))?.kind == .folder)
    #expect(patched(156, Array("L".utf8))?.kind == .other, "a GNU long name")
    #expect(patched(345, Array("..".utf8))?.name == Array("../".utf8) + Self.name)
    #expect(read(Array(good.prefix(511))) == nil)
    #expect(read([UInt8](repeating: 0, count: 512)) == nil)
    let zeros = [UInt8](repeating: 0, count: 512)
    let (ends, goesOn) = (UstarHeader.isEnd(zeros.span), UstarHeader.isEnd(good.span))
    #expect(ends && !goesOn)
  }

  @Test func noiseNeverTraps() {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<2000 {
      var block = (0..<512).map { _ in UInt8.random(in: 0...255, using: &random) }
      block.replaceSubrange(257..<262, with: Array("ustar".utf8))
      #expect(read(block) == nil)
    }
  }

  @Test func otherProgramsReadItAndItReadsTheirs() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "testimony-tar-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let content = [UInt8](repeating: 7, count: 700)
    let one = try header(700)
    let end = [UInt8](repeating: 0, count: one.padding + 1024)
    try Data(one.encoded + content + end).write(to: folder.appending(path: "ours.tar"))
    try tar(["-xf", "ours.tar"], in: folder)
    let file = folder.appending(path: String(decoding: Self.name, as: UTF8.self))
    #expect(try Data(contentsOf: file) == Data(content))
    for format in ["ustar", "gnu"] {
      try tar(["--format=\(format)", "-cf", "theirs.tar", file.lastPathComponent], in: folder)
      let bytes = Array(try Data(contentsOf: folder.appending(path: "theirs.tar")).prefix(512))
      #expect(read(bytes) == one, "\(format)")
    }
  }

  private func tar(_ arguments: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tar"] + arguments
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
