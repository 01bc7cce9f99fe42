import Foundation
import Testing

/// The checkout that the tests run in, and the program as it was built beside them.
enum Project {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The built program lies beside the test bundle.
  static func program() throws -> URL {
    let candidates = [
      Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent(),
      root.appending(path: ".build/debug"),
    ].compactMap { $0?.appending(path: "testimony") }
    return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
  }

  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs a program found on PATH, where the Python that Scripts/setup prepares comes first.
  static func run(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TESTIMONY_") }
    variables["PATH"] = root.appending(path: ".build/python/bin").path + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    // English, whatever the language of who runs the tests.
    variables["LC_ALL"] = "C.UTF-8"
    process.environment = variables.merging(environment) { $1 }
    let out = folder.appending(path: ".out-\(UUID().uuidString)")
    let err = folder.appending(path: ".err-\(UUID().uuidString)")
    for file in [out, err] { try Data().write(to: file) }
    defer { for file in [out, err] { try? FileManager.default.removeItem(at: file) } }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }

  /// The ```bash blocks of a page, in their order; or those whose first line says something behind `bash`.
  static func blocks(of page: String, marked mark: String? = nil) throws -> [String] {
    let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
    var blocks: [String] = []
    var current: [String]?
    for line in text.components(separatedBy: "\n") {
      if current == nil, line == (mark.map { "```bash \($0)" } ?? "```bash") {
        current = []
      } else if line.hasPrefix("```"), let lines = current {
        blocks.append(lines.joined(separator: "\n"))
        current = nil
      } else {
        current?.append(line)
      }
    }
    return blocks
  }
}

/// A folder of its own for one test.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "document-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ text: String) throws {
    try text.write(to: url.appending(path: name), atomically: false, encoding: .utf8)
  }
}
