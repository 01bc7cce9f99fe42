internal import Glibc

/// A system call that failed: its number from errno(3) and the name of the call. Never a path or content.
public struct SystemError: Error, Equatable, Sendable {
  /// The error number, as `ENOENT`.
  public let code: Int32
  /// The call that failed, as `openat`.
  public let call: String

  public init(code: Int32, call: String) {
    self.code = code
    self.call = call
  }

  /// What strerror(3) says, with a lower-case first letter: `no such file or directory`.
  public var reason: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    let text = String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let first = text.first else { return "error \(code)" }
    return first.lowercased() + text.dropFirst()
  }

  /// Nothing has that name.
  public var isNotFound: Bool { code == ENOENT }
  /// Something has that name already.
  public var isExists: Bool { code == EEXIST }
  /// The disk is full, or the quota is.
  public var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }
  /// Not writable: a read-only medium, or no permission.
  public var isReadOnly: Bool { code == EROFS || code == EACCES || code == EPERM }
  /// SIGINT, SIGTERM or SIGHUP asked this process to end; `Interruption.signal` says which.
  public var isInterrupted: Bool { code == EINTR }
  /// A symbolic link where none is followed.
  public var isLoop: Bool { code == ELOOP }
  /// A component that should be a directory is something else (Linux says so of a link to a directory too).
  public var isNotDirectory: Bool { code == ENOTDIR }
  /// Not a regular file where only one is accepted: a FIFO, a device, a socket, a directory.
  public var isNotRegular: Bool { self == .notRegular }
  /// Whoever was to read the output is gone.
  public var isBrokenPipe: Bool { code == EPIPE }
  /// More bytes than the stated bound.
  public var isTooLong: Bool { code == EMSGSIZE || code == EFBIG || code == ENAMETOOLONG }

  /// What `Directory.openForReading` throws for anything that is neither a regular file nor a link.
  public static let notRegular = SystemError(code: EINVAL, call: "regular file")

  /// The error that errno holds now.
  static func last(_ call: String) -> SystemError { SystemError(code: errno, call: call) }

  /// Throws where `result` is negative.
  @discardableResult
  static func check<Result: SignedInteger>(_ result: Result, _ call: String) throws(SystemError) -> Result {
    guard result >= 0 else { throw .last(call) }
    return result
  }

  /// Repeats a call that a signal broke off, unless the signal was one that asks this process to end.
  @discardableResult
  static func retrying<Result: SignedInteger>(
    _ call: String, _ body: () -> Result
  ) throws(SystemError) -> Result {
    while true {
      let result = body()
      if result >= 0 { return result }
      let error = last(call)
      guard error.isInterrupted, !Interruption.requested else { throw error }
    }
  }
}
