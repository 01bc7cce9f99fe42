import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

struct OutboxExportTests {
  let field: FieldOffice
  let kit: FieldKit

  init() throws {
    field = try FieldOffice()
    kit = try field.kit()
    try kit.note("one", attaching: [field.sample.file("photo.jpg", Data(count: 5000))])
    try kit.note("two")
  }

  private var names: Set<String> { Set(kit.outbox.drops.flatMap { [$0.file] + $0.files }.map { "\($0).age" }) }

  @Test func aFolderHoldsTheFilesOnceHoweverOften() throws {
    #expect(kit.outbox.drops.allSatisfy { !$0.wasExported })
    let first = try kit.export([kit.outbox.drops[0]], into: field.path("out"))
    #expect(first.drops.map(\.number) == [1] && kit.outbox.drops.map(\.wasExported) == [true, false])
    // One was cut on its way; it comes whole now.
    let part = "out/\(kit.outbox.drops[0].file).age"
    try field.cut(part, to: 10)
    for _ in 1...2 {
      let exported = try kit.export(kit.held, into: field.path("out"))
      #expect(exported.files == names.count)
      #expect(try FieldOffice.files(below: field.url("out")) == names)
    }
    for name in names {
      let bytes = Array(try Data(contentsOf: field.url("out/\(name)")))
      #expect("\(SHA256Hash(of: bytes)).age" == name)
    }
  }

  @Test func aPackedFileIsAUstarOfThemInTheOrderOfTheirNames() throws {
    for name in ["one.tar", "two.tar"] { _ = try kit.export(kit.held, packed: field.path(name)) }
    #expect(try Data(contentsOf: field.url("one.tar")) == Data(contentsOf: field.url("two.tar")))
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tar", "-tf", field.url("one.tar").path]
    process.standardOutput = output
    try process.run()
    let listed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(listed.split(separator: "\n").map(String.init) == names.sorted())
    guard case .outputExists = failure({ _ = try kit.export(kit.held, packed: field.path("one.tar")) }) else {
      return fault("it was written over")
    }
  }

  @Test func whatIsDamagedInTheOutboxIsSaidAndLeavesNothing() throws {
    let file = kit.outbox.drops[1].files[1]
    let place = field.url(field.outbox(file))
    var bytes = try Data(contentsOf: place)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: place)
    let damaged = Place(ObjectPlace(.sealed, file).description)
    for export in [
      { _ = try kit.export(kit.held, packed: field.path("x.tar")) },
      { _ = try kit.export(kit.held, into: field.path("out")) },
    ] {
      guard case .damaged(damaged, .otherContent)? = failure(export) else { return fault("it was carried") }
    }
    #expect(!FileManager.default.fileExists(atPath: field.url("x.tar").path))
    let left = try FieldOffice.files(below: field.url("out"))
    #expect(left.isSubset(of: names) && !left.contains("\(file).age"))
    #expect(kit.outbox.drops.allSatisfy { !$0.wasExported })
    let all = try FileManager.default.contentsOfDirectory(atPath: field.sample.folder.path)
    #expect(!all.contains { $0.hasPrefix(".testimony") })
  }
}
