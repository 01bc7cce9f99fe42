internal import Glibc
internal import Sodium

/// A handle of a directory. Every name below is one component, resolved from the handle without following a
/// link.
///
/// Whoever renames or links folders meanwhile cannot lead a call elsewhere: `openat` and its family start at
/// the handle. A name that is empty, `.`, `..` or has a slash is refused with EINVAL.
public final class Directory: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  /// Opens the directory that the user names; links in `path` are followed.
  public static func open(_ path: PathBytes) throws(SystemError) -> Directory {
    try unsafe path.withPointer { (pointer) throws(SystemError) in
      let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
      return Directory(
        Descriptor(taking: try SystemError.retrying("open") { unsafe openat(AT_FDCWD, pointer, flags) }))
    }
  }

  /// Makes the directory `path` (mode 0700; its parent must exist) and fsyncs the parent. Throws EEXIST where
  /// it is there.
  public static func create(_ path: PathBytes) throws(SystemError) -> Directory {
    let parent = try open(path.parent)
    guard try parent.makeDirectory(path.last) else { throw SystemError(code: EEXIST, call: "mkdirat") }
    return try parent.directory(path.last)
  }

  /// The folder `name`. Throws ENOTDIR for a file and for a link, ENOENT for nothing.
  public func directory(_ name: PathBytes) throws(SystemError) -> Directory {
    try Directory(open(name, O_RDONLY | O_DIRECTORY))
  }

  /// Makes the folder `name` (mode 0700) and fsyncs this one, unless the caller will sync the whole file
  /// system. False where it was there; throws ENOTDIR where a file or link has the name.
  public func makeDirectory(_ name: PathBytes, synced: Bool = true) throws(SystemError) -> Bool {
    do {
      _ = try unsafe name.withComponent { (pointer) throws(SystemError) in
        try SystemError.retrying("mkdirat") { unsafe mkdirat(descriptor.raw, pointer, 0o700) }
      }
    } catch {
      guard error.isExists else { throw error }
      guard try status(name).kind == .directory else { throw SystemError(code: ENOTDIR, call: "mkdirat") }
      return false
    }
    if synced { try sync() }
    return true
  }

  /// What is here, without `.` and `..`, in the order of its bytes. Names are whatever a stranger chose.
  public func names() throws(SystemError) -> [PathBytes] {
    var names: [PathBytes] = []
    try forEachName { names.append(PathBytes(bytes: $0.copy())) }
    return names.sorted()
  }

  /// Calls `body` with each name here but `.` and `..`, in no order: for very many of them.
  public func forEachName(_ body: (Span<UInt8>) -> Void) throws(SystemError) {
    // A handle of its own: reading moves the position, and this object is shared.
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let own = try SystemError.retrying("openat") { unsafe openat(descriptor.raw, ".", flags) }
    guard let stream = unsafe fdopendir(own) else {
      let error = SystemError.last("fdopendir")
      close(own)
      throw error
    }
    defer { unsafe closedir(stream) }
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        guard errno == 0 else { throw .last("readdir") }
        return
      }
      let start = unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
      let count = unsafe Int(strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)))
      let name = unsafe Span(_unsafeStart: start, count: count)
      let isSelfOrParent = count <= 2 && name[0] == UInt8(ascii: ".") && name[count - 1] == UInt8(ascii: ".")
      if !isSelfOrParent { body(name) }
    }
  }

  /// What `name` is; of a link, the link itself.
  public func status(_ name: PathBytes) throws(SystemError) -> FileStatus {
    try unsafe name.withComponent { (pointer) throws(SystemError) in
      try unsafe FileStatus.of(pointer, in: descriptor.raw, flags: AT_SYMLINK_NOFOLLOW)
    }
  }

  /// What `name` is, or nil where nothing has the name.
  public func statusIfPresent(_ name: PathBytes) throws(SystemError) -> FileStatus? {
    do {
      return try status(name)
    } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }

  /// What this directory is.
  public func status() throws(SystemError) -> FileStatus { try descriptor.status() }

  /// Opens the regular file `name`. Never waits. Throws ELOOP for a link, `SystemError.notRegular` for a
  /// FIFO, device or folder, ENXIO for a socket.
  public func openForReading(_ name: PathBytes) throws(SystemError) -> Descriptor {
    try regular(open(name, O_RDONLY | O_NONBLOCK))
  }

  /// Makes the file `name` (mode 0600) for writing and reading back. Throws EEXIST where anything has the
  /// name.
  public func create(_ name: PathBytes) throws(SystemError) -> Descriptor {
    try open(name, O_RDWR | O_CREAT | O_EXCL)
  }

  /// Opens the regular file `name` for writing and reading, made (mode 0600) where it is not there; for
  /// `NAME.lock`.
  public func openOrCreate(_ name: PathBytes) throws(SystemError) -> Descriptor {
    try regular(open(name, O_RDWR | O_CREAT | O_NONBLOCK))
  }

  private func open(_ name: PathBytes, _ flags: Int32) throws(SystemError) -> Descriptor {
    try unsafe name.withComponent { (pointer) throws(SystemError) in
      let flags = flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY
      let raw = try SystemError.retrying("openat") { unsafe openat(descriptor.raw, pointer, flags, 0o600) }
      return Descriptor(taking: raw)
    }
  }

  private func regular(_ opened: Descriptor) throws(SystemError) -> Descriptor {
    guard try opened.status().kind == .regular else { throw .notRegular }
    return opened
  }
}
