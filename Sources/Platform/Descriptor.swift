internal import Glibc

/// An open file, closed when the last reference goes. Close-on-exec always: a child process inherits none but
/// the one it is given.
///
/// A call that a signal breaks off is repeated, unless the signal asks this process to end: then it throws
/// EINTR (`isInterrupted`).
public final class Descriptor: Sendable {
  /// The number of the descriptor. Keep the object alive for as long as the number is used.
  public let raw: Int32
  /// A pipe or terminal, where a read may wait for ever: wait together with `Interruption`.
  private let mayWait: Bool

  /// Takes over `raw`, and closes it in the end.
  public init(taking raw: Int32) {
    self.raw = raw
    self.mayWait = false
  }

  init(taking raw: Int32, mayWait: Bool) {
    self.raw = raw
    self.mayWait = mayWait
  }

  deinit { close(raw) }

  /// Reads what there is, up to the length of `buffer`. Returns the count of bytes; 0 is the end (or an empty
  /// buffer).
  public func read(into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
    try read(into: &buffer, from: 0)
  }

  /// Reads until `buffer` is full or the file ends. Returns the count of bytes; short means the end.
  public func readFully(into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: &buffer, from: filled)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads from `offset` (bytes from the start) until `buffer` is full or the file ends; the file's own
  /// position stays. Returns the count.
  public func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
    var filled = 0
    while filled < buffer.count {
      guard let position = off_t(exactly: offset + UInt64(filled)) else {
        throw SystemError(code: EOVERFLOW, call: "pread")
      }
      let count = try unsafe buffer.withUnsafeMutableBufferPointer { (bytes) throws(SystemError) -> Int in
        let all = UnsafeMutableRawBufferPointer(bytes)
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: all[filled...])
        return try SystemError.retrying("pread") {
          unsafe pread(raw, rest.baseAddress, rest.count, position)
        }
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: Span<UInt8>) throws(SystemError) {
    try write(bytes, evenInterrupted: false)
  }

  /// Writes all of `bytes`; `evenInterrupted` is for the last words of a process that is to end.
  func write(_ bytes: Span<UInt8>, evenInterrupted: Bool) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.withUnsafeBufferPointer { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[written...])
        return unsafe Glibc.write(raw, rest.baseAddress, rest.count)
      }
      if result > 0 {
        written += result
        continue
      }
      let error = result == 0 ? SystemError(code: EIO, call: "write") : .last("write")
      switch error.code {
      case EAGAIN: try Interruption.wait(for: raw, writing: true, evenInterrupted: evenInterrupted)
      case EINTR where evenInterrupted || !Interruption.requested: break
      default: throw error
      }
    }
  }

  private func read(into buffer: inout MutableSpan<UInt8>, from start: Int) throws(SystemError) -> Int {
    guard start < buffer.count else { return 0 }
    while true {
      if mayWait { try Interruption.wait(for: raw) }
      let result = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
        let all = UnsafeMutableRawBufferPointer(bytes)
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: all[start...])
        return unsafe Glibc.read(raw, rest.baseAddress, rest.count)
      }
      if result >= 0 { return result }
      let error = SystemError.last("read")
      switch error.code {
      case EAGAIN: try Interruption.wait(for: raw)
      case EINTR where !Interruption.requested: break
      default: throw error
      }
    }
  }
}
