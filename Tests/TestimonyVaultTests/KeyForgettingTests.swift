import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

struct KeyForgettingTests {
  private let url = FileManager.default.temporaryDirectory.appending(path: "testimony-\(UUID().uuidString)")
  private let dana: PersonName

  init() throws {
    dana = try PersonName("dana")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  private func folder(_ files: [String]) throws -> KeyFolder {
    for file in files { try Data("x".utf8).write(to: url.appending(path: file)) }
    return try KeyFolder(opening: PathBytes(url.path))
  }

  private func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }

  @Test func everythingOfThatKeyGoesAndNothingElse() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let others = [
      "aigul.key", "dana", "dana.key.old", "danae.key", "dana-b.seen", ".dana.key-12345", ".danae.key-0123456789ab",
    ]
    let own = [
      "dana.key", "dana.seen", "dana.index", "dana.card", "dana.lock", "dana.seen.damaged", ".dana.key-0123456789ab",
      ".dana.seen-0123456789ab",
    ]
    let keys = try folder(others + own)
    #expect(Set(keys.files(of: dana).map(\.description)) == Set(own).subtracting(["dana.lock"]))
    #expect(keys.files(of: dana).first == "dana.key")
    let forgotten = try keys.forget(dana)
    #expect(!forgotten.isInUse && forgotten.files.last == "dana.lock")
    #expect(Set(forgotten.files.map(\.description)) == Set(own))
    #expect(try left() == others.sorted())
    #expect(!keys.hasKey(of: dana))
    #expect(try keys.forget(dana).files.isEmpty)
  }

  @Test func aCardAloneIsNoKey() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(try !folder(["dana.card"]).hasKey(of: dana))
    #expect(try folder(["dana.seen"]).hasKey(of: dana))
  }

  /// Cut behind any of its removals, the next run finishes it.
  @Test(arguments: [[], ["dana.lock"], ["dana.seen", "dana.index", "dana.lock"]])
  func aRunThatWasCutShortIsFinished(others: [String]) throws {
    defer { try? FileManager.default.removeItem(at: url) }
    // A folder is what cannot be removed: the run ends there, wherever it stands.
    for stop in ["dana.seen", "dana.index", "dana.card"] {
      let keys = try folder((["dana.key", "dana.card"] + others).filter { $0 != stop })
      try? FileManager.default.removeItem(at: url.appending(path: stop))
      try FileManager.default.createDirectory(at: url.appending(path: stop), withIntermediateDirectories: false)
      #expect(throws: VaultError.self) { try keys.forget(dana) }
      #expect(try !left().contains("dana.key"))
      try FileManager.default.removeItem(at: url.appending(path: stop))
      if stop == "dana.card" { _ = try folder([stop]) }
      #expect(keys.hasKey(of: dana), "\(stop)")
      _ = try keys.forget(dana)
      #expect(try left() == [], "\(stop)")
      #expect(!keys.hasKey(of: dana))
    }
  }

  @Test func somebodyElsesTurnKeepsItsFile() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let keys = try folder(["dana.key", "dana.seen", "dana.lock"])
    let turn = try DeviceTurn(dana, in: keys)
    let forgotten = try keys.forget(dana)
    #expect(forgotten.isInUse)
    #expect(try left() == ["dana.lock"])
    #expect(keys.hasKey(of: dana))
    withExtendedLifetime(turn) {}
  }

  @Test func aLinkIsRemovedAndNotFollowed() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let keys = try folder(["aigul.key"])
    for name in ["dana.key", "dana.lock"] {
      try FileManager.default.createSymbolicLink(
        atPath: url.appending(path: name).path, withDestinationPath: "aigul.key")
    }
    _ = try keys.forget(dana)
    #expect(try left() == ["aigul.key", "dana.lock"])
    #expect(try Data(contentsOf: url.appending(path: "aigul.key")) == Data("x".utf8))
  }
}
