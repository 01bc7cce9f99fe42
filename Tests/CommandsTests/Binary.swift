import Foundation
import Testing

/// The program as it is shipped: built beside the tests, run as a process of its own.
enum Binary {
  /// Beside the test bundle, wherever that is; else in the package's debug folder.
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
    let folders = [bundle, Bundle.main.bundleURL, package.appendingPathComponent(".build/debug")]
    let files = folders.map { $0.appendingPathComponent("testimony").path }
    return files.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "testimony"
  }()

  static let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path

  /// What one run said, and how it ended.
  struct Outcome {
    var exit: Int32 = -1
    var out = ""
    var err = ""

    /// The lines on standard error that say what failed.
    func sentences(by program: String) -> [Substring] {
      err.split(separator: "\n").filter { $0.hasPrefix("\(program): ") }
    }
    var hints: [Substring] { err.split(separator: "\n").filter { $0.hasPrefix("hint: ") } }
  }

  /// No home, no name, no terminal kind: nothing of the person who runs the tests.
  static let environment = ["PATH": "\(folder):/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]

  /// Runs a program in a session of its own, so that there is no terminal to ask on, and waits for its end.
  static func run(
    _ arguments: [String], program: String = path, in folder: URL, input: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let said = try Folder()
    let (out, err) = (said.url.appendingPathComponent("out"), said.url.appendingPathComponent("err"))
    for file in [out, err] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
    process.arguments = ["--wait", program] + arguments
    process.currentDirectoryURL = folder
    process.environment = Self.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input ?? "/dev/null"))
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.runToEnd(within: 120)
    return Outcome(
      exit: process.terminationStatus, out: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      err: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }
}

extension Process {
  struct TooLong: Error {}

  func runToEnd(within seconds: Double) throws {
    let ended = DispatchSemaphore(value: 0)
    terminationHandler = { _ in ended.signal() }
    try run()
    guard ended.wait(timeout: .now() + seconds) == .success else {
      terminate()
      throw TooLong()
    }
  }
}

/// A fresh folder, removed when nobody needs it any more.
final class Folder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("testimony-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Every path below with what is there, but what a member's device remembers (a refused run may take its turn) and
  /// empty shelves of a vault, which hold and tell nothing.
  static func tree(_ url: URL) throws -> [String: String] {
    let manager = FileManager.default
    var tree: [String: String] = [:]
    for path in try manager.subpathsOfDirectory(atPath: url.path) {
      if path.hasSuffix(".lock") || path.hasSuffix(".seen") { continue }
      let file = url.appendingPathComponent(path)
      let kind = try? manager.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
      switch kind {
      case .typeDirectory where path.contains("Vault/"): continue
      // Foundation cannot open a name that is not UTF-8.
      case .typeRegular: tree[path] = "file \((try? Data(contentsOf: file))?.base64EncodedString() ?? "?")"
      case .typeSymbolicLink: tree[path] = "link \(try manager.destinationOfSymbolicLink(atPath: file.path))"
      default: tree[path] = kind?.rawValue ?? "?"
      }
    }
    return tree
  }
}
