import Glibc

@testable import Platform

/// Both ends of a pseudoterminal: what the person types and sees, and the path of what the program opens.
final class Pseudoterminal: Sendable {
  let person: Descriptor
  let program: Descriptor
  let path: String

  init() throws {
    let raw = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try requireSetup(raw >= 0)
    person = Descriptor(taking: raw, mayWait: false)
    var unlocked: Int32 = 0
    var number: Int32 = 0
    try requireSetup(unsafe ioctl(raw, 0x4004_5431, &unlocked) == 0)  // TIOCSPTLCK
    try requireSetup(unsafe ioctl(raw, 0x8004_5430, &number) == 0)  // TIOCGPTN
    path = "/dev/pts/\(number)"
    let other = unsafe open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    try requireSetup(other >= 0)
    program = Descriptor(taking: other, mayWait: true)
  }

  func type(_ text: String) throws { try person.write(Array(text.utf8).span) }

  /// Reads what is shown until it contains `text`; gives up after 20 s.
  func waitFor(_ text: String) throws -> String {
    var seen: [UInt8] = []
    while !String(decoding: seen, as: UTF8.self).contains(text) {
      var list = [pollfd(fd: person.raw, events: Int16(POLLIN), revents: 0)]
      try requireSetup(unsafe poll(&list, 1, 20_000) > 0)
      var chunk = [UInt8](repeating: 0, count: 4096)
      var span = chunk.mutableSpan
      let count = try person.read(into: &span)
      seen += chunk[..<count]
    }
    return String(decoding: seen, as: UTF8.self)
  }

  /// What is shown and not read yet.
  func shown() throws -> String {
    try type("")
    var list = [pollfd(fd: person.raw, events: Int16(POLLIN), revents: 0)]
    guard unsafe poll(&list, 1, 100) > 0 else { return "" }
    var chunk = [UInt8](repeating: 0, count: 65536)
    var span = chunk.mutableSpan
    let count = try person.read(into: &span)
    return String(decoding: chunk[..<count], as: UTF8.self)
  }

  var settings: termios {
    var value = termios()
    unsafe tcgetattr(program.raw, &value)
    return value
  }

  var echoes: Bool { settings.c_lflag & tcflag_t(ECHO) != 0 }

  /// In a child process: makes `path` the terminal of the process, and its three standard streams.
  static func become(_ path: String) {
    setsid()
    let raw = unsafe open(path, O_RDWR)
    for stream in Int32(0)...2 { dup2(raw, stream) }
  }
}
