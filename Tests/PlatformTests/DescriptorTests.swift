import Glibc
import Sodium
import Testing

@testable import Platform

@Suite struct DescriptorTests {
  @Test func whatIsWrittenIsReadBack() throws {
    let scratch = try Scratch()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = try scratch.directory.create("file")
    try file.write(bytes.span)
    try file.sync()
    try file.syncData()
    try file.syncFileSystem()
    #expect(try file.status().size == 300_000)
    #expect(try scratch.directory.openForReading("file").readAll(atMost: 300_000) == bytes)
    #expect(
      error { try scratch.directory.openForReading("file").readAll(atMost: 299_999) }?.isTooLong == true)

    var window = [UInt8](repeating: 0, count: 1000)
    var span = window.mutableSpan
    #expect(try file.read(at: 300_000, into: &span) == 0)
    #expect(try file.read(at: 299_500, into: &span) == 500)
    #expect(Array(window[..<500]) == Array(bytes[299_500...]))
    try file.truncate(10)
    #expect(try file.status().size == 10)
  }

  @Test func aSecretIsReadWithinItsBound() throws {
    let scratch = try Scratch()
    try scratch.write("passphrase", to: "file")
    let secret = try scratch.directory.openForReading("file").readSecret(atMost: 10)
    let bytes = secret.bytes.copy()
    #expect(bytes == Array("passphrase".utf8))
    let tooLong = error { try scratch.directory.openForReading("file").readSecret(atMost: 9).count }
    #expect(tooLong?.isTooLong == true)
  }

  @Test func readFullyFillsFromAPipeThatDrips() throws {
    let (reading, writing) = try makePipe()
    let writer = inBackground {
      for byte in UInt8(1)...5 {
        try writing.write([byte].span)
        usleep(10_000)
      }
    }
    var bytes = [UInt8](repeating: 0, count: 5)
    var span = bytes.mutableSpan
    #expect(try reading.readFully(into: &span) == 5)
    #expect(bytes == [1, 2, 3, 4, 5])
    try writer()
  }

  @Test func timesAreWholeSeconds() throws {
    let scratch = try Scratch()
    let file = try scratch.directory.create("file")
    #expect(file.setModificationTime(seconds: 1_000_000_000))
    #expect(try scratch.directory.status("file").modified == 1_000_000_000)
    let (reading, _) = try makePipe()
    let readOnly = Descriptor(taking: dup(reading.raw))
    close(readOnly.raw)
    #expect(!readOnly.setModificationTime(seconds: 0), "refused is false, not an error")
  }

  @Test func aLockIsSeenByAnotherProcess() throws {
    let scratch = try Scratch()
    let file = try scratch.directory.openOrCreate("NAME.lock")
    let path = scratch.at("NAME.lock")
    #expect(try file.tryLock())
    #expect(try Editor.run(arguments: ["flock", "--nonblock", "-E", "9", path, "true"]) == 9)
    let second = try scratch.directory.openOrCreate("NAME.lock")
    #expect(try second.tryLock() == false)
    let start = SystemClock.monotonicNanoseconds()
    #expect(try second.lock(timeoutSeconds: 0.1) == false)
    #expect(SystemClock.monotonicNanoseconds() - start >= 100_000_000)
    try file.unlock()
    #expect(try second.lock(timeoutSeconds: 5))
    #expect(try Editor.run(arguments: ["flock", "--nonblock", "-E", "9", path, "true"]) == 9)
    try second.unlock()
    #expect(try Editor.run(arguments: ["flock", "--nonblock", "-E", "9", path, "true"]) == 0)
  }

  @Test func aDescriptorIsClosedWithItsObject() throws {
    let (reading, writing) = try makePipe()
    var end: Descriptor? = writing
    let raw = writing.raw
    _ = consume writing
    #expect(end?.raw == raw)
    end = nil
    var byte: [UInt8] = [0]
    var span = byte.mutableSpan
    #expect(try reading.read(into: &span) == 0)
  }
}

func makePipe() throws -> (reading: Descriptor, writing: Descriptor) {
  var ends: [Int32] = [-1, -1]
  try requireSetup(unsafe pipe(&ends) == 0)
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (Descriptor(taking: ends[0], mayWait: true), Descriptor(taking: ends[1]))
}
