import Glibc
import Testing

@testable import Platform

@Suite struct DirectoryChangesTests {
  @Test func aRenameReplacesNothing() throws {
    try Self.renames()
  }

  /// As on a file system without RENAME_NOREPLACE: the kernel refuses the call (seccomp), for every error
  /// that stands for that.
  @Test(arguments: [EPERM, EINVAL, ENOSYS, EOPNOTSUPP])
  func withoutTheSystemCallItLooksAndRenames(code: Int32) async {
    await #expect(processExitsWith: .exitCode(7)) { [code] in
      refuseRenameat2(with: code)
      let probe = unsafe linuxRenameat2(AT_FDCWD, "/nonexistent", AT_FDCWD, "/nonexistent2", 1)
      // glibc makes EINVAL of ENOSYS.
      guard probe < 0, errno == (code == ENOSYS ? EINVAL : code) else { exit(1) }
      do { try Self.renames() } catch { exit(2) }
      exit(7)
    }
  }

  /// Any other error is one, and no reason to try the weaker way.
  @Test func otherErrorsAreErrors() async throws {
    let scratch = try Scratch()
    #expect(error { try scratch.directory.renameWithoutReplacing("none", to: "new") }?.isNotFound == true)
    await #expect(processExitsWith: .exitCode(7)) {
      guard let scratch = try? Scratch(), (try? scratch.write("x", to: "a")) != nil else { exit(1) }
      refuseRenameat2(with: EXDEV)
      let code = error { try scratch.directory.renameWithoutReplacing("a", to: "b") }?.code
      exit(code == EXDEV ? 7 : 2)
    }
  }

  @Test func removing() throws {
    let scratch = try Scratch()
    try scratch.write("x", to: "file")
    #expect(try scratch.directory.makeDirectory("folder"))
    #expect(unsafe symlink("folder", scratch.at("link")) == 0)
    #expect(error { try scratch.directory.remove("folder") }?.code == EISDIR)
    try scratch.directory.remove("link")
    try scratch.directory.remove("file")
    try scratch.directory.removeDirectory("folder")
    #expect(try scratch.directory.names() == [])
    #expect(error { try scratch.directory.remove("file") }?.isNotFound == true)
    try scratch.directory.sync()
    try scratch.directory.syncFileSystem()
  }

  static func renames() throws {
    let scratch = try Scratch()
    let directory = scratch.directory
    try scratch.write("one", to: "a")
    try scratch.write("two", to: "b")
    try requireSetup(unsafe symlink("nowhere", scratch.at("dangling")) == 0)
    try requireSetup(!directory.renameWithoutReplacing("a", to: "b"))
    try requireSetup(!directory.renameWithoutReplacing("a", to: "dangling"))
    try requireSetup(scratch.read("a") == "one" && scratch.read("b") == "two")
    try requireSetup(directory.renameWithoutReplacing("a", to: "c"))
    try requireSetup(scratch.read("c") == "one" && directory.statusIfPresent("a") == nil)
    try directory.rename("c", to: "b")
    try requireSetup(scratch.read("b") == "one" && directory.names() == ["b", "dangling"])
  }
}

/// Installs a seccomp filter in this process: renameat2 fails with `code`, every other call is allowed.
func refuseRenameat2(with code: Int32) {
  struct Instruction {
    var code: UInt16, jumpTrue: UInt8, jumpFalse: UInt8, k: UInt32
  }
  #if arch(arm64)
    let number: UInt32 = 276
  #else
    let number: UInt32 = 316
  #endif
  var program = [
    Instruction(code: 0x20, jumpTrue: 0, jumpFalse: 0, k: 0),  // load the number of the call
    Instruction(code: 0x15, jumpTrue: 0, jumpFalse: 1, k: number),
    Instruction(code: 0x06, jumpTrue: 0, jumpFalse: 0, k: 0x0005_0000 | UInt32(code)),  // fail
    Instruction(code: 0x06, jumpTrue: 0, jumpFalse: 0, k: 0x7FFF_0000),  // allow
  ]
  _ = linuxPrctl(38, 1, 0, 0, 0)  // PR_SET_NO_NEW_PRIVS
  unsafe program.withUnsafeMutableBytes { bytes in
    var filter: (count: UInt, start: UnsafeMutableRawPointer?) = (4, bytes.baseAddress)
    unsafe withUnsafeBytes(of: &filter) { filter in
      _ = linuxPrctl(22, 2, UInt(bitPattern: filter.baseAddress), 0, 0)  // PR_SET_SECCOMP, filter
    }
  }
}
