import Glibc
import Testing

@testable import Platform

@Suite struct DirectoryTests {
  @Test func aNameIsOneComponent() throws {
    let scratch = try Scratch()
    for name: PathBytes in ["", ".", "..", "a/b", "/etc", PathBytes(bytes: [97, 0, 98])] {
      #expect(throws: SystemError.self) { try scratch.directory.openForReading(name) }
      #expect(throws: SystemError.self) { try scratch.directory.create(name) }
      #expect(throws: SystemError.self) { try scratch.directory.directory(name) }
      #expect(throws: SystemError.self) { try scratch.directory.makeDirectory(name) }
      #expect(throws: SystemError.self) { try scratch.directory.remove(name) }
      #expect(throws: SystemError.self) { try scratch.directory.rename(name, to: "x") }
    }
  }

  @Test func linksAreNotFollowed() throws {
    let scratch = try Scratch()
    try scratch.write("secret", to: "file")
    #expect(try scratch.directory.makeDirectory("folder"))
    #expect(unsafe symlink("file", scratch.at("link")) == 0)
    #expect(unsafe symlink("folder", scratch.at("way")) == 0)
    #expect(unsafe symlink("nowhere", scratch.at("dangling")) == 0)
    #expect(try scratch.directory.status("link").kind == .link)
    #expect(error { try scratch.directory.openForReading("link") }?.isLoop == true)
    #expect(error { try scratch.directory.openOrCreate("link") }?.isLoop == true)
    #expect(error { try scratch.directory.openOrCreate("dangling") }?.isLoop == true)
    #expect(error { try scratch.directory.create("dangling") }?.isExists == true)
    #expect(error { try scratch.directory.directory("way") }?.isNotDirectory == true)
    #expect(error { try scratch.directory.makeDirectory("way") }?.isNotDirectory == true)
    #expect(try scratch.directory.statusIfPresent("nowhere") == nil)
  }

  @Test(.timeLimit(.minutes(1))) func onlyRegularFilesAreOpenedAndNothingWaits() throws {
    let scratch = try Scratch()
    #expect(unsafe mkfifo(scratch.at("fifo"), 0o600) == 0)
    #expect(try scratch.directory.makeDirectory("folder"))
    #expect(error { try scratch.directory.openForReading("fifo") }?.isNotRegular == true)
    #expect(error { try scratch.directory.openOrCreate("fifo") }?.isNotRegular == true)
    #expect(error { try scratch.directory.openForReading("folder") }?.isNotRegular == true)
    #expect(error { try scratch.directory.openForReading("none") }?.isNotFound == true)
    #expect(try scratch.directory.status("fifo").kind == .fifo)
  }

  @Test func filesAndFoldersAreTheirOwnersAlone() throws {
    let scratch = try Scratch()
    #expect(try scratch.write("x", to: "file").mode == 0o600)
    #expect(try scratch.directory.makeDirectory("folder"))
    #expect(try scratch.directory.makeDirectory("folder") == false)
    #expect(try scratch.directory.status("folder").mode == 0o700)
    #expect(error { try scratch.directory.makeDirectory("file") }?.isNotDirectory == true)
    #expect(error { try scratch.directory.create("file") }?.isExists == true)
    #expect(try Directory.create(scratch.path.appending("other")).status().kind == .directory)
    #expect(error { try Directory.create(scratch.path.appending("other")) }?.isExists == true)
  }

  @Test func namesAreBytes() throws {
    let scratch = try Scratch()
    let names: [PathBytes] = [
      PathBytes(bytes: [0xFF, 0x41]), PathBytes(bytes: Array("e\u{301}".utf8)),
      PathBytes(bytes: Array("\u{e9}".utf8)), "a b\nc", "-rf",
    ]
    for name in names { try scratch.write(name.description, to: name) }
    #expect(try scratch.directory.names() == names.sorted())
    #expect(try scratch.directory.names().count == 5)
    for name in names { #expect(try scratch.read(name) == name.description) }
  }

  @Test func aHandleStaysWithItsFolder() throws {
    let scratch = try Scratch()
    #expect(try scratch.directory.makeDirectory("a"))
    #expect(try scratch.directory.makeDirectory("b"))
    let handle = try scratch.directory.directory("a")
    try scratch.directory.rename("a", to: "moved")
    #expect(unsafe symlink("b", scratch.at("a")) == 0)
    _ = try handle.create("file")
    #expect(try scratch.directory.directory("moved").names() == ["file"])
    #expect(try scratch.directory.directory("b").names() == [])
  }

  @Test func descriptorsAreClosedOnExec() throws {
    let scratch = try Scratch()
    let files = [
      try scratch.directory.create("file"), try scratch.directory.openForReading("file"),
      try scratch.directory.openOrCreate("lock"), scratch.directory.descriptor,
      try FileSystem.openForReading(scratch.path.appending("file")), try MemoryFile.make("text"),
    ]
    for file in files { #expect(fcntl(file.raw, F_GETFD) == FD_CLOEXEC) }
  }
}

/// The error that `body` throws, or nil.
func error(_ body: () throws -> some Any) -> SystemError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? SystemError
  }
}
