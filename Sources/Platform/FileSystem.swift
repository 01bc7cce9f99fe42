internal import Glibc

/// Files by the path that the user gave: the user's own, so links are followed. Inside a vault use
/// `Directory`.
public enum FileSystem {
  /// What `path` is, links followed.
  public static func status(_ path: PathBytes) throws(SystemError) -> FileStatus {
    try unsafe path.withPointer { (pointer) throws(SystemError) in
      try unsafe FileStatus.of(pointer, in: AT_FDCWD, flags: 0)
    }
  }

  /// What `path` is, links followed, or nil where there is nothing.
  public static func statusIfPresent(_ path: PathBytes) throws(SystemError) -> FileStatus? {
    do {
      return try status(path)
    } catch {
      guard error.isNotFound || error.isNotDirectory else { throw error }
      return nil
    }
  }

  /// Opens `path` for reading, whatever kind it is; a FIFO waits for its writer. Throws EISDIR for a
  /// directory.
  public static func openForReading(_ path: PathBytes) throws(SystemError) -> Descriptor {
    let raw = try unsafe path.withPointer { (pointer) throws(SystemError) in
      try SystemError.retrying("open") { unsafe openat(AT_FDCWD, pointer, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
    }
    let kind: FileKind
    do {
      kind = try FileStatus.of(descriptor: raw).kind
    } catch {
      close(raw)
      throw error
    }
    let descriptor = Descriptor(taking: raw, mayWait: kind != .regular)
    guard kind != .directory else { throw SystemError(code: EISDIR, call: "open") }
    return descriptor
  }

  /// The absolute path of the working directory.
  public static func currentDirectory() throws(SystemError) -> PathBytes {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard unsafe getcwd(&buffer, buffer.count) != nil else { throw .last("getcwd") }
    return PathBytes(bytes: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
  }

  /// Two paths, links followed, that are one file. Throws where either is not there.
  public static func isSameFile(_ a: PathBytes, _ b: PathBytes) throws(SystemError) -> Bool {
    try status(a).isSameFile(as: status(b))
  }

  /// Takes over a descriptor that the user passed by number (`--passphrase-fd`), and keeps it from child
  /// processes.
  public static func adopt(_ number: Int32) throws(SystemError) -> Descriptor {
    guard number > 2 else {
      // Standard streams stay where they are: a copy is read.
      let copy = try SystemError.check(fcntl(number, F_DUPFD_CLOEXEC, 3), "fcntl")
      return Descriptor(taking: copy, mayWait: true)
    }
    try SystemError.check(fcntl(number, F_SETFD, FD_CLOEXEC), "fcntl")
    return Descriptor(taking: number, mayWait: true)
  }
}
