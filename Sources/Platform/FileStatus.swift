internal import Glibc

/// What kind of thing a name stands for.
public enum FileKind: Sendable, Hashable {
  case regular, directory, link, fifo, other
}

/// What stat(2) says of a file.
public struct FileStatus: Sendable, Hashable {
  public let kind: FileKind
  /// Bytes.
  public let size: UInt64
  /// Seconds since 1970, UTC. Fractions are not looked at: a stick does not keep them.
  public let modified: Int64
  public let device: UInt64
  public let inode: UInt64
  /// Permission bits, without the kind.
  public let mode: UInt32

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    case S_IFIFO: kind = .fifo
    default: kind = .other
    }
    size = UInt64(max(0, status.st_size))
    modified = Int64(status.st_mtim.tv_sec)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    mode = UInt32(status.st_mode & 0o7777)
  }

  /// The same file under two names or handles.
  public func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

  static func of(descriptor: Int32) throws(SystemError) -> FileStatus {
    var status = stat()
    try SystemError.check(unsafe fstat(descriptor, &status), "fstat")
    return FileStatus(status)
  }

  static func of(
    _ pointer: UnsafePointer<CChar>, in directory: Int32, flags: Int32
  ) throws(SystemError) -> FileStatus {
    var status = stat()
    try SystemError.check(unsafe fstatat(directory, pointer, &status, flags), "fstatat")
    return FileStatus(status)
  }
}
