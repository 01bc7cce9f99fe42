import Glibc
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct EditorTests {
  @Test func statusOfTheChild() throws {
    #expect(try Editor.run(arguments: ["true"]) == 0)
    #expect(try Editor.run(arguments: ["sh", "-c", "exit 7"]) == 7)
    #expect(try Editor.run(arguments: ["sh", "-c", "kill -TERM $$"]) == 128 + SIGTERM)
    #expect(error { try Editor.run(arguments: ["no-such-editor-here"]) }?.isNotFound == true)
    #expect(error { try Editor.run(arguments: []) }?.code == EINVAL)
    #expect(error { try Editor.run(arguments: ["true", "a\0b"]) }?.code == EINVAL)
  }

  @Test func aTextInMemoryIsEdited() throws {
    let file = try MemoryFile.make("text")
    try file.write(Array("before".utf8).span)
    let path = "/proc/self/fd/\(file.raw)"
    #expect(try Editor.run(arguments: ["test", "-e", path]) == 1, "not given")
    let script = "grep -qx before $0 && printf %s \"$WORD\" > $0"
    #expect(
      try Editor.run(arguments: ["sh", "-c", script, path], inheriting: file, environment: ["WORD": "later"])
        == 0)
    var bytes = [UInt8](repeating: 0, count: 16)
    var span = bytes.mutableSpan
    #expect(try file.read(at: 0, into: &span) == 5)
    #expect(Array(bytes[..<5]) == Array("later".utf8))
    #expect(fcntl(file.raw, F_GETFD) == FD_CLOEXEC, "still ours alone")
  }

  @Test func nothingElseIsInherited() throws {
    let scratch = try Scratch()
    let file = try MemoryFile.make("text")
    let open = try scratch.directory.create("file")
    let script = "test -e /proc/self/fd/$0 && ! test -e /proc/self/fd/$1 && ! test -e /proc/self/fd/$2"
    let numbers = [file.raw, open.raw, scratch.directory.descriptor.raw].map { String($0) }
    #expect(try Editor.run(arguments: ["sh", "-c", script] + numbers, inheriting: file) == 0)
  }

  @Test func signalsAreAtTheirDefaults() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Hardening.apply()
      Interruption.install()
      // Nothing blocked; nothing ignored but 32 and 33, with which glibc does so in every child of
      // posix_spawn.
      let script = "! grep -E '^Sig(Blk|Ign):' /proc/self/status | grep -Eqv ':.0000000(00|18)0000000$'"
      exit((try? Editor.run(arguments: ["sh", "-c", "exec sh -c \"$0\"", script])) == 0 ? 7 : 1)
    }
  }

  /// ^C is the editor's, an editor that dies leaves our terminal as it was, and redirected output is not
  /// where it draws.
  @Test func theTerminalIsTheEditors() async throws {
    let pty = try Pseudoterminal()
    let person = inBackground {
      _ = try pty.waitFor("ready")
      try pty.type("\u{3}")
    }
    await #expect(processExitsWith: .exitCode(7)) { [path = pty.path as String] in
      Pseudoterminal.become(path)
      close(1)
      guard unsafe open("/dev/null", O_WRONLY) == 1 else { exit(1) }
      Interruption.install()
      let script =
        "trap 'stty -echo; kill -KILL $$' INT; test -t 1 && echo ready; while :; do sleep 0.05; done"
      guard (try? Editor.run(arguments: ["sh", "-c", script])) == 128 + SIGKILL else { exit(2) }
      guard !Interruption.requested, let settings = TerminalSettings(of: 0), settings.echoes else { exit(3) }
      kill(getpid(), SIGINT)
      exit(eventually { Interruption.requested } ? 7 : 4)
    }
    try person()
  }

  @Test func sigtermIsPassedOn() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Interruption.install()
      let signal = inBackground {
        usleep(200_000)
        kill(getpid(), SIGTERM)
      }
      defer { try? signal() }
      let status = try? Editor.run(arguments: ["sleep", "20"])
      exit(status == 128 + SIGTERM && Interruption.signal == SIGTERM ? 7 : 1)
    }
  }
}
