import Glibc
import Testing

@testable import Platform

@Suite struct FileSystemTests {
  @Test func theUsersOwnLinksAreFollowed() throws {
    let scratch = try Scratch()
    try scratch.write("mine", to: "file")
    #expect(unsafe symlink("file", scratch.at("link")) == 0)
    #expect(try FileSystem.status(scratch.path.appending("link")).kind == .regular)
    let file = try FileSystem.openForReading(scratch.path.appending("link"))
    #expect(try file.readAll(atMost: 4) == Array("mine".utf8))
    #expect(try FileSystem.isSameFile(scratch.path.appending("link"), scratch.path.appending("file")))
    try scratch.write("mine", to: "other")
    #expect(try !FileSystem.isSameFile(scratch.path.appending("other"), scratch.path.appending("file")))
    #expect(try FileSystem.statusIfPresent(scratch.path.appending("file/x")) == nil)
    #expect(error { try FileSystem.openForReading(scratch.path) }?.code == EISDIR)
    #expect(error { try FileSystem.openForReading("/tmp/\u{0}") }?.code == EINVAL)
    #expect(try FileSystem.status(FileSystem.currentDirectory()).kind == .directory)
  }

  @Test(.timeLimit(.minutes(1))) func aFifoIsReadToItsEnd() throws {
    let scratch = try Scratch()
    let path = scratch.at("fifo")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let writer = inBackground {
      _ = try Editor.run(arguments: ["sh", "-c", "printf 'a note' > \"$0\"", path])
    }
    let note = try FileSystem.openForReading(PathBytes(path)).readAll(atMost: 100)
    #expect(note == Array("a note".utf8))
    try writer()
  }

  @Test func anAdoptedDescriptorIsNotInherited() throws {
    let (reading, writing) = try makePipe()
    let raw = dup(reading.raw)
    try writing.write([42].span)
    let adopted = try FileSystem.adopt(raw)
    #expect(fcntl(raw, F_GETFD) == FD_CLOEXEC)
    var byte: [UInt8] = [0]
    var span = byte.mutableSpan
    #expect(try adopted.read(into: &span) == 1)
    #expect(try FileSystem.adopt(2).raw > 2)
    #expect(error { try FileSystem.adopt(1_000_000) }?.code == EBADF)
  }

  @Test func reasonsAreWords() {
    #expect(SystemError(code: ENOENT, call: "open").reason == "no such file or directory")
    #expect(SystemError(code: EIO, call: "open").reason == "input/output error")
    #expect(SystemError(code: EDQUOT, call: "write").isNoSpace)
    #expect(SystemError(code: EROFS, call: "open").isReadOnly)
  }
}
