internal import Glibc

/// Another program that works in our terminal, as an editor does.
public enum Editor {
  /// Runs `arguments` (the program first, found on PATH) and waits for it. Returns its exit status, or 128 +
  /// the signal that ended it.
  ///
  /// The child has our standard streams (each that is no terminal is opened on `/dev/tty`, where there is
  /// one), the descriptor `fd` under the same number, so that `/proc/self/fd/\(fd.raw)` is its path there,
  /// and nothing else of ours; all signals at their defaults; our variables, with those in `environment` set.
  /// While it runs, ^C and ^\ are the child's alone; SIGTERM and SIGHUP are passed on to it. In the end the
  /// terminal's settings are what they were. Throws where the program is not found (ENOENT) or cannot be
  /// started.
  public static func run(
    arguments: [String], inheriting fd: Descriptor? = nil, environment: [String: String] = [:]
  ) throws(SystemError) -> Int32 {
    let terminal = Terminal.openDescriptor()
    let settings = terminal.flatMap { TerminalSettings(of: $0.raw) }
    let keys = IgnoredKeys()
    defer {
      if let terminal { settings?.apply(to: terminal.raw) }
      keys.restore()
    }
    return try wait(
      for: spawn(arguments, inheriting: fd, environment: environment, hasTerminal: terminal != nil))
  }

  private static func spawn(
    _ arguments: [String], inheriting fd: Descriptor?, environment: [String: String], hasTerminal: Bool
  ) throws(SystemError) -> pid_t {
    guard let program = arguments.first, !program.isEmpty else {
      throw SystemError(code: EINVAL, call: "posix_spawnp")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for stream in Int32(0)...2 where hasTerminal && isatty(stream) != 1 {
      unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/tty", O_RDWR, 0)
    }
    // The same number twice: close-on-exec is cleared in the child, and only there.
    if let fd { unsafe posix_spawn_file_actions_adddup2(&actions, fd.raw, fd.raw) }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let variables = Environment.all(setting: environment)
    var child: pid_t = 0
    let words = arguments.map(EscapedText.bytes)
    let code = try unsafe withStrings(words) { (argv) throws(SystemError) -> Int32 in
      try unsafe withStrings(variables) { (envp) throws(SystemError) -> Int32 in
        guard let path = unsafe argv[0] else { return EINVAL }
        return unsafe posix_spawnp(&child, path, &actions, &attributes, argv, envp)
      }
    }
    guard code == 0 else { throw SystemError(code: code, call: "posix_spawnp") }
    return child
  }

  private static func wait(for child: pid_t) throws(SystemError) -> Int32 {
    // A handle to wait for together with `Interruption`: its signals may arrive on another thread.
    let handle = Int32(truncatingIfNeeded: linuxSyscall(LinuxConstant.pidfdOpen, Int(child), 0))
    if handle >= 0 {
      let handle = Descriptor(taking: handle)
      do {
        try Interruption.wait(for: handle.raw)
      } catch {
        kill(child, error.isInterrupted ? Interruption.signal : SIGTERM)
      }
    }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw .last("waitpid") }
    }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }

  /// Calls `body` with a zero-terminated list of zero-terminated strings. Refuses (EINVAL) a zero inside one.
  private static func withStrings(
    _ strings: [[UInt8]],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws(SystemError) -> Int32
  ) throws(SystemError) -> Int32 {
    guard strings.allSatisfy({ !$0.contains(0) }) else {
      throw SystemError(code: EINVAL, call: "posix_spawnp")
    }
    var text: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(text.count)
      text += string.map { CChar(bitPattern: $0) } + [0]
    }
    return try unsafe text.withUnsafeMutableBufferPointer { (buffer) throws(SystemError) -> Int32 in
      guard let start = buffer.baseAddress else { throw SystemError(code: EINVAL, call: "posix_spawnp") }
      let pointers: [UnsafeMutablePointer<CChar>?] = unsafe offsets.map { unsafe start + $0 } + [nil]
      return try unsafe pointers.withUnsafeBufferPointer { (list) throws(SystemError) -> Int32 in
        guard let first = list.baseAddress else { throw SystemError(code: EINVAL, call: "posix_spawnp") }
        return try unsafe body(first)
      }
    }
  }
}

/// SIGINT and SIGQUIT ignored for a while: both go to every process of the terminal, and are meant for the
/// editor.
private struct IgnoredKeys {
  private var interrupt = sigaction()
  private var quit = sigaction()

  init() {
    var ignore = sigaction()
    unsafe ignore.__sigaction_handler.sa_handler = SIG_IGN
    unsafe sigaction(SIGINT, &ignore, &interrupt)
    unsafe sigaction(SIGQUIT, &ignore, &quit)
  }

  func restore() {
    var (interrupt, quit) = (interrupt, quit)
    unsafe sigaction(SIGINT, &interrupt, nil)
    unsafe sigaction(SIGQUIT, &quit, nil)
  }
}
