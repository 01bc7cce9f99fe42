import Foundation
import Testing

/// The graph of DESIGN §10, kept: who imports whom, who may say `unsafe`, and what the shipped program may carry.
struct ArrowsTests {
  /// What each target may import of ours and of others. Nothing else, in any file.
  static let allowed: [String: Set<String>] = [
    "Sodium": ["CSodium", "Crypto", "Synchronization", "Dispatch", "Glibc"],
    "Platform": ["Sodium", "Glibc", "Dispatch", "Synchronization"],
    "Age": ["Sodium", "Crypto", "Dispatch", "Synchronization"],
    "Shares": ["Sodium"],
    "Transparency": ["Sodium"],
    "Record": ["Sodium", "Synchronization", "Transparency"],
    "Publishing": ["Record", "Sodium"],
    "TestimonyVault": [
      "Age", "Platform", "Publishing", "Record", "Shares", "Sodium", "Synchronization", "Transparency",
    ],
    "Commands": [
      "Age", "ArgumentParser", "Platform", "Publishing", "Record", "Shares", "Sodium", "Synchronization",
      "TestimonyVault",
    ],
    "testimony": ["Commands"],
  ]

  static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  struct File {
    let target: String
    let name: String
    let lines: [String]
  }

  static func files() throws -> [File] {
    var files: [File] = []
    for target in try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted() {
      let folder = sources.appending(path: target)
      let inside = try #require(FileManager.default.enumerator(atPath: folder.path))
      for case let name as String in inside where name.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        files.append(File(target: target, name: "\(target)/\(name)", lines: text.components(separatedBy: "\n")))
      }
    }
    return files
  }

  @Test func everyImportIsAnArrowOfTheDesign() throws {
    let files = try Self.files()
    #expect(files.count > 120)
    #expect(Set(files.map(\.target)) == Set(Self.allowed.keys))
    for file in files {
      for line in file.lines {
        guard
          let match = line.firstMatch(
            of: /^(?:@\w+ )*(?:public |internal |package )?import (?:struct |class |enum )?(\w+)/)
        else { continue }
        let module = String(match.1)
        #expect(Self.allowed[file.target]?.contains(module) ?? false, "\(file.name) imports \(module)")
      }
    }
  }

  @Test func onlySodiumAndPlatformSayUnsafe() throws {
    var said = 0
    for file in try Self.files() {
      for (number, line) in file.lines.enumerated() {
        let code = line.components(separatedBy: "//")[0]
        guard code.contains(/\bunsafe\b|Unsafe\w*Pointer|@safe\b|withUnsafe|unsafeBitCast|nonisolated\(unsafe\)/) else {
          continue
        }
        said += 1
        #expect(["Sodium", "Platform"].contains(file.target), "\(file.name):\(number + 1)")
      }
    }
    // The pattern still finds what it looks for.
    #expect(said > 50)
  }

  @Test func nothingLoadsRunsOrReachesTheNetwork() throws {
    let banned = ["dlopen", "socket(", "connect(", "getaddrinfo", "execv", "popen(", "URLSession"]
    // One symbol of the C library itself, looked up by name.
    let allowed = #"dlsym(nil, "environ")"#
    for file in try Self.files() {
      for (number, line) in file.lines.enumerated() {
        let code = line.components(separatedBy: "//")[0].replacingOccurrences(of: allowed, with: "")
        for word in banned + ["dlsym"] where code.contains(word) {
          // `disconnect(` and the like are other words.
          let before = code.components(separatedBy: word)[0].last
          #expect(before?.isLetter ?? false, "\(file.name):\(number + 1) says \(word)")
        }
      }
    }
  }

  @Test func oneProgramStartIsOneLine() throws {
    let main = try #require(try Self.files().first { $0.name == "testimony/main.swift" })
    #expect(main.lines.filter { !$0.isEmpty } == ["import Commands", "Testimony.run()"])
  }
}
