import Foundation
import Platform
import Sodium
import Testing

@testable import TestimonyVault

struct FolderOutputTests {
  private let parent = FileManager.default.temporaryDirectory.appending(path: "testimony-\(UUID().uuidString)")
  private var folder: URL { parent.appending(path: "out") }

  init() throws { try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true) }

  private func made(hasUnnamed: Bool) throws -> FolderOutput {
    let output = try FolderOutput(making: PathBytes(folder.path), hasUnnamed: hasUnnamed)
    for name in ["a", "b"] {
      try output.write(PathBytes(name)) { write in try write(Array("content of \(name)".utf8).span) }
    }
    return output
  }

  private func names(_ url: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  @Test(arguments: [true, false]) func nothingHasANameBeforeAllMayHaveOne(hasUnnamed: Bool) throws {
    defer { try? FileManager.default.removeItem(at: parent) }
    let output = try made(hasUnnamed: hasUnnamed)
    #expect(try names(folder) == [])
    try output.appear()
    #expect(try names(folder) == ["a", "b"])
    for name in ["a", "b"] {
      #expect(try String(contentsOf: folder.appending(path: name), encoding: .utf8) == "content of \(name)")
    }
  }

  /// A hidden name would be plaintext on the disk of whoever did not record it.
  @Test func withoutUnnamedFilesNothingIsWrittenBeforeItMayBeNamed() throws {
    defer { try? FileManager.default.removeItem(at: parent) }
    var runs = 0
    let output = try FolderOutput(making: PathBytes(folder.path), hasUnnamed: false)
    try output.write("a") { write in
      runs += 1
      try write([1, 2, 3].span)
      #expect(try names(folder).count == (runs == 1 ? 0 : 1))
    }
    #expect(runs == 1)
    try output.appear()
    #expect(runs == 2)
  }

  @Test(arguments: [true, false]) func whatDoesNotComeAboutLeavesNothing(hasUnnamed: Bool) throws {
    defer { try? FileManager.default.removeItem(at: parent) }
    _ = try made(hasUnnamed: hasUnnamed)
    #expect(try names(parent) == [])
    // Content that turns out not to be whole.
    struct Torn: Error {}
    do {
      let output = try made(hasUnnamed: hasUnnamed)
      #expect(throws: VaultError.self) { try output.write("c") { _ in throw Torn() } }
    }
    #expect(try names(parent) == [])
    // Something that has a file's name already.
    do {
      let output = try made(hasUnnamed: hasUnnamed)
      try Data().write(to: folder.appending(path: "b"))
      #expect(throws: VaultError.self) { try output.appear() }
      #expect(try names(folder) == ["b"])
      try FileManager.default.removeItem(at: folder)
    }
    #expect(try names(parent) == [])
  }

  @Test func whatIsThereIsLeftAlone() throws {
    defer { try? FileManager.default.removeItem(at: parent) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    #expect(throws: VaultError.self) { _ = try FolderOutput(making: PathBytes(folder.path)) }
    #expect(try names(parent) == ["out"])
  }
}
