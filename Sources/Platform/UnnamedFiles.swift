internal import Glibc

/// O_TMPFILE, as all architectures of Linux have it but alpha, parisc and sparc.
private let temporaryFile: Int32 = 0o20000000 | O_DIRECTORY

// Files without a name, and folders of this program's own making that go again.
extension Directory {
  /// A new file (mode 0600) in this folder that has no name: the system removes it unless `link` names it. Nil where the
  /// file system has no such files.
  public func createUnnamed() throws(SystemError) -> Descriptor? {
    let flags = O_RDWR | temporaryFile | O_CLOEXEC
    do {
      return Descriptor(
        taking: try SystemError.retrying("openat") { unsafe openat(descriptor.raw, ".", flags, 0o600) })
    } catch {
      switch error.code {
      case EOPNOTSUPP, EISDIR, EINVAL, ENOSYS, ENOENT: return nil
      default: throw error
      }
    }
  }

  /// Gives an unnamed file the name `name` here. False where anything has that name; nil where it cannot be done: a file
  /// system without links, or no `/proc` to find the file by.
  public func link(_ file: Descriptor, as name: PathBytes) throws(SystemError) -> Bool? {
    let source = PathBytes("/proc/self/fd/\(file.raw)")
    do {
      _ = try unsafe source.withPointer { (source) throws(SystemError) in
        try unsafe name.withComponent { (name) throws(SystemError) in
          try SystemError.retrying("linkat") {
            unsafe linkat(AT_FDCWD, source, descriptor.raw, name, AT_SYMLINK_FOLLOW)
          }
        }
      }
      return true
    } catch {
      switch error.code {
      case EEXIST: return false
      case EPERM, EACCES, EOPNOTSUPP, ENOSYS, EINVAL, ENOENT, EXDEV: return nil
      default: throw error
      }
    }
  }
}

extension FileSystem {
  /// What `path` is; of a link, the link itself.
  public static func linkStatus(_ path: PathBytes) throws(SystemError) -> FileStatus {
    try unsafe path.withPointer { (pointer) throws(SystemError) in
      try unsafe FileStatus.of(pointer, in: AT_FDCWD, flags: AT_SYMLINK_NOFOLLOW)
    }
  }

  /// Removes a folder of this program's own making with everything in it. Links are removed, never followed.
  public static func removeTree(_ path: PathBytes) throws(SystemError) {
    try Directory.open(path.parent).removeTree(path.last)
  }
}

extension Directory {
  func removeTree(_ name: PathBytes) throws(SystemError) {
    let inside = try directory(name)
    for entry in try inside.names() {
      if try inside.status(entry).kind == .directory { try inside.removeTree(entry) } else { try inside.remove(entry) }
    }
    try removeDirectory(name)
  }
}

extension Descriptor {
  /// Standard input: a duplicate, so that closing the object leaves descriptor 0 open.
  public static func standardInput() throws(SystemError) -> Descriptor {
    Descriptor(taking: try SystemError.retrying("fcntl") { fcntl(0, F_DUPFD_CLOEXEC, 3) }, mayWait: true)
  }
}
