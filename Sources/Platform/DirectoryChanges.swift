internal import Glibc

// Renaming, removing and making it last.
extension Directory {
  /// Renames `from`, here, to `to`, in `other` or here too. False where anything has the name `to`, which then stays as
  /// it was.
  ///
  /// renameat2(2) with RENAME_NOREPLACE; where the file system has none (FAT and exFAT over FUSE), looks and
  /// renames: then somebody who makes `to` between the two is overwritten.
  public func renameWithoutReplacing(
    _ from: PathBytes, to: PathBytes, in other: Directory? = nil
  ) throws(SystemError) -> Bool {
    let other = other ?? self
    do {
      try unsafe withNames(from, to) { (from, to) throws(SystemError) in
        try SystemError.retrying("renameat2") {
          unsafe linuxRenameat2(descriptor.raw, from, other.descriptor.raw, to, LinuxConstant.renameNoReplace)
        }
      }
      return true
    } catch {
      switch error.code {
      case EEXIST: return false
      case EINVAL, ENOSYS, EPERM, EOPNOTSUPP: break
      default: throw error
      }
    }
    guard try other.statusIfPresent(to) == nil else { return false }
    try rename(from, to: to, in: other)
    return true
  }

  /// Renames `from`, here, to `to`, in `other` (on the same file system) or here too, replacing `to`.
  public func rename(_ from: PathBytes, to: PathBytes, in other: Directory? = nil) throws(SystemError) {
    let other = other ?? self
    try unsafe withNames(from, to) { (from, to) throws(SystemError) in
      try SystemError.retrying("renameat") { unsafe renameat(descriptor.raw, from, other.descriptor.raw, to) }
    }
  }

  /// Removes the file or link `name`. Its blocks may be on the medium for long after. Throws EISDIR for a
  /// folder.
  public func remove(_ name: PathBytes) throws(SystemError) {
    try unlink(name, flags: 0)
  }

  /// Removes the empty folder `name`. Throws ENOTEMPTY where something is in it.
  public func removeDirectory(_ name: PathBytes) throws(SystemError) {
    try unlink(name, flags: AT_REMOVEDIR)
  }

  /// fsyncs the directory: names made, renamed and removed here are on the medium. Where a file system cannot
  /// for directories, syncfs(2).
  public func sync() throws(SystemError) {
    do {
      try descriptor.sync()
    } catch {
      guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.code) else { throw error }
      try descriptor.syncFileSystem()
    }
  }

  /// syncfs(2): everything written to this file system is on the medium.
  public func syncFileSystem() throws(SystemError) { try descriptor.syncFileSystem() }

  private func unlink(_ name: PathBytes, flags: Int32) throws(SystemError) {
    _ = try unsafe name.withComponent { (pointer) throws(SystemError) in
      try SystemError.retrying("unlinkat") { unsafe unlinkat(descriptor.raw, pointer, flags) }
    }
  }

  private func withNames(
    _ from: PathBytes, _ to: PathBytes,
    _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) throws(SystemError) -> Int32
  ) throws(SystemError) {
    _ = try unsafe from.withComponent { (from) throws(SystemError) in
      try unsafe to.withComponent { (to) throws(SystemError) in try unsafe body(from, to) }
    }
  }
}
