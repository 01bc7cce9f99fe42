import Foundation
import Glibc
import Synchronization

@testable import Platform

/// A folder of its own for one test, removed with all that is in it.
final class Scratch {
  let path: PathBytes
  let directory: Directory

  init() throws {
    var template = Array("/tmp/platform-XXXXXX".utf8CString)
    try requireSetup(unsafe mkdtemp(&template) != nil)
    path = PathBytes(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
    directory = try Directory.open(path)
  }

  deinit { _ = try? Editor.run(arguments: ["rm", "-rf", path.text]) }

  /// A name in the folder as a path in text, for C calls.
  func at(_ name: String) -> String { path.text + "/" + name }

  @discardableResult
  func write(_ text: String, to name: PathBytes) throws -> FileStatus {
    let file = try directory.create(name)
    try file.write(Array(text.utf8).span)
    return try file.status()
  }

  func read(_ name: PathBytes) throws -> String {
    String(decoding: try directory.openForReading(name).readAll(atMost: 1 << 20), as: UTF8.self)
  }
}

struct SetupFailure: Error {}

/// `#require` for set-up code outside a test.
func requireSetup(_ condition: Bool) throws {
  if !condition { throw SetupFailure() }
}

/// Runs `body` on a thread of its own: tests that wait must not wait for a thread of the pool that they fill.
/// Returns what waits for its end.
func inBackground(_ body: @escaping @Sendable () throws -> Void) -> () throws -> Void {
  let done = DispatchSemaphore(value: 0)
  let failure = FailureBox()
  Thread.detachNewThread {
    do { try body() } catch { failure.value.withLock { $0 = error } }
    done.signal()
  }
  return {
    done.wait()
    if let error = failure.value.withLock({ $0 }) { throw error }
  }
}

private final class FailureBox: Sendable {
  let value = Mutex<(any Error)?>(nil)
}

/// Whether `condition` holds within 10 s.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<10_000 {
    if condition() { return true }
    usleep(1000)
  }
  return false
}
