internal import Glibc
public import Sodium

// The file behind a descriptor: durability, time, size, lock, and the whole of a small one.
extension Descriptor {
  public func status() throws(SystemError) -> FileStatus { try FileStatus.of(descriptor: raw) }

  /// fsync(2): the content and what finds it again are on the medium.
  public func sync() throws(SystemError) {
    try SystemError.retrying("fsync") { fsync(raw) }
  }

  /// fdatasync(2): the content and its length are on the medium; times may not be.
  public func syncData() throws(SystemError) {
    try SystemError.retrying("fdatasync") { fdatasync(raw) }
  }

  /// syncfs(2): everything written to this file system is on the medium; one call for many small files.
  public func syncFileSystem() throws(SystemError) {
    try SystemError.retrying("syncfs") { linuxSyncfs(raw) }
  }

  /// posix_fadvise(2): what is cached of the file may go, so that reading asks the medium. A wish, as far as the system heeds it.
  public func dropCache() { _ = posix_fadvise(raw, 0, 0, POSIX_FADV_DONTNEED) }

  /// Sets the times of modification and of access, whole seconds since 1970. False where the file system
  /// refuses: that fails no write.
  @discardableResult
  public func setModificationTime(seconds: Int64) -> Bool {
    let time = timespec(tv_sec: time_t(seconds), tv_nsec: 0)
    return unsafe futimens(raw, [time, time]) == 0
  }

  /// Goes back to the start of the file.
  public func rewind() throws(SystemError) { try seek(to: 0) }

  /// Goes to `offset`, in bytes from the start of the file.
  public func seek(to offset: UInt64) throws(SystemError) {
    guard let offset = off_t(exactly: offset) else { throw SystemError(code: EOVERFLOW, call: "lseek") }
    try SystemError.retrying("lseek") { lseek(raw, offset, SEEK_SET) < 0 ? -1 : 0 }
  }

  /// Cuts or extends the file to `size` bytes.
  public func truncate(_ size: UInt64) throws(SystemError) {
    guard let size = off_t(exactly: size) else { throw SystemError(code: EFBIG, call: "ftruncate") }
    try SystemError.retrying("ftruncate") { ftruncate(raw, size) }
  }

  /// Takes the exclusive flock(2) of the file, released with the descriptor. False where another open file
  /// has it.
  public func tryLock() throws(SystemError) -> Bool {
    do {
      try SystemError.retrying("flock") { flock(raw, LOCK_EX | LOCK_NB) }
      return true
    } catch {
      guard error.code == EWOULDBLOCK else { throw error }
      return false
    }
  }

  /// Tries `tryLock` every 20 ms for at most `timeoutSeconds`. False where it is still taken then; EINTR
  /// where a signal asks to end.
  public func lock(timeoutSeconds: Double) throws(SystemError) -> Bool {
    let limit = UInt64(max(0, min(timeoutSeconds, 1e6)) * 1e9)
    let start = SystemClock.monotonicNanoseconds()
    while true {
      if try tryLock() { return true }
      guard SystemClock.monotonicNanoseconds() - start < limit else { return false }
      try Interruption.check()
      usleep(20_000)
    }
  }

  /// Releases the lock before the descriptor is closed.
  public func unlock() throws(SystemError) {
    try SystemError.retrying("flock") { flock(raw, LOCK_UN) }
  }

  /// The rest of the file, read to its end. Refuses (EFBIG) more than `limit` bytes.
  public func readAll(atMost limit: Int) throws(SystemError) -> [UInt8] {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(max(1, limit + 1), 64 * 1024))
    while true {
      var span = chunk.mutableSpan
      let count = try readFully(into: &span)
      guard result.count + count <= limit else { throw SystemError(code: EFBIG, call: "read") }
      result.append(contentsOf: chunk[..<count])
      if count < chunk.count { return result }
    }
  }

  /// The rest of the file, read to its end into guarded memory only. Refuses (EFBIG) more than `limit` bytes.
  public func readSecret(atMost limit: Int) throws(SystemError) -> Secret {
    var filled = 0
    let buffer = try Secret(count: limit + 1) { (span) throws(SystemError) in
      filled = try readFully(into: &span)
    }
    guard filled <= limit else { throw SystemError(code: EFBIG, call: "read") }
    return Secret(copying: buffer.bytes.extracting(..<filled))
  }
}
