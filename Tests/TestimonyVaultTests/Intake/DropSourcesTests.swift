import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Archives as they may be handed in.
struct DropSourcesTests {
  let field: FieldOffice
  let kit: FieldKit
  let tar: [UInt8]

  init() throws {
    field = try FieldOffice()
    kit = try field.kit()
    try kit.note("one")
    try kit.note("two")
    _ = try kit.export(kit.held, packed: field.path("all.tar"))
    tar = Array(try Data(contentsOf: field.url("all.tar")))
  }

  private var files: Int { kit.outbox.drops.reduce(0) { $0 + 1 + $1.files.count } }

  private func sources(_ bytes: [UInt8]) throws -> DropSources {
    try DropSources([field.sample.file("x.tar", Data(bytes))])
  }

  private func member(_ name: String, _ content: [UInt8], type: String = "0") throws -> [UInt8] {
    let header = try #require(UstarHeader(file: Array(name.utf8), size: UInt64(content.count)))
    var block = header.encoded
    block[156] = Array(type.utf8)[0]
    for index in 148..<156 { block[index] = 32 }
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    block.replaceSubrange(148..<148 + sum.utf8.count, with: Array(sum.utf8))
    return block + content + [UInt8](repeating: 0, count: header.padding)
  }

  @Test func everyFileIsFoundInAWholeArchive() throws {
    let read = try sources(tar)
    #expect(read.files.count == files && read.torn == [] && read.refused == [] && read.junk == 0)
    for (hash, found) in read.files { #expect(try SHA256Hash(of: found.bytes()) == hash) }
  }

  /// Wherever it is cut, what is whole counts, and that it was cut is said.
  @Test func aCutArchiveIsReadAsFarAsItGoes() throws {
    for count in stride(from: 512, to: tar.count - 1024, by: 7919) {
      let read = try sources(Array(tar[..<count]))
      #expect(read.files.count < files || count > tar.count - 2048)
      #expect(!read.torn.isEmpty, "cut at \(count)")
    }
    let (intake, taken) = try field.intake("x.tar")
    #expect(taken.count < 2 && intake.arrivals.allSatisfy { $0.verdict != .known })
  }

  @Test func aMemberThatWasAlteredIsTorn() throws {
    var bytes = tar
    bytes[512 + 300] ^= 1
    let read = try sources(bytes)
    #expect(read.files.count == files - 1 && read.torn.count == 1 && read.refused == [])
  }

  @Test func anythingElseInAnArchiveIsRefusedAndTheRestIsRead() throws {
    let hash = String(repeating: "ab", count: 32)
    let others =
      try member("../escape.age", [1, 2, 3]) + member("\(hash).age", [], type: "2")
      + member("\(hash.uppercased()).age", [1]) + member("folder/", [], type: "5") + member("notes.txt", [65])
    let read = try sources(others + tar)
    #expect(read.files.count == files && read.refused.count == 4 && read.torn == [])
    // Behind a broken header nothing is guessed.
    var broken = tar
    broken[0] ^= 1
    let none = try sources(Array(try member("notes.txt", [65])) + broken)
    #expect(none.files.isEmpty && none.refused.count == 2)
  }

  @Test func aWholeCopyElsewhereMakesUpForATornOne() throws {
    try field.carry(kit)
    let name = try #require(FieldOffice.files(below: field.url("out")).sorted().first)
    try field.cut("out/\(name)", to: 40)
    for order in [["out", "all.tar"], ["all.tar", "out"]] {
      let read = try DropSources(order.map { field.path($0) })
      #expect(read.files.count == files && read.torn == [])
    }
    #expect(try DropSources([field.path("out")]).torn.count == 1)
  }

  /// However many torn copies of a name come first: the whole one is found.
  @Test(arguments: 1...5) func theWholeCopyIsFoundBehindTornOnes(torn: Int) throws {
    try field.carry(kit, to: "whole")
    let name = try #require(FieldOffice.files(below: field.url("whole")).sorted().first)
    let folders = (0..<torn).map { "torn \($0)" }
    for folder in folders {
      try FileManager.default.createDirectory(at: field.url(folder), withIntermediateDirectories: true)
      try field.copy("whole/\(name)", to: "\(folder)/\(name)")
      try field.cut("\(folder)/\(name)", to: 40)
    }
    let read = try DropSources((folders + ["whole", "whole"]).map { field.path($0) })
    #expect(read.files.count == files && read.torn == [] && read.junk == 0)
    #expect(try DropSources(folders.map { field.path($0) }).torn.count == torn)
  }

  @Test func whatWasNamedAndIsNotThereIsAnError() throws {
    #expect(throws: VaultError.self) { _ = try DropSources([field.path("nowhere")]) }
  }
}
