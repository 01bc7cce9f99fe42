import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Every sealed file altered, emptied, cut, swapped, removed, replaced by a link, a pipe or a folder: found and named.
struct VerificationTests {
  enum Harm: CaseIterable, Sendable {
    case flipped, truncated, emptied, zeroed, extended, removed, link, pipe, folder
  }

  static func vaultWithARecord() throws -> (SampleVault, ThingID) {
    let sample = try SampleVault(.classic)
    let founder = try sample.founder()
    let caseID = try founder.openCase(title: "A case", fields: [:], reviewers: CircleName.reviewers)
    let record = try #require(try founder.seal([SealingTests.draft(caseID)]).first).id
    return (sample, record)
  }

  static func objects(_ sample: SampleVault) throws -> [ObjectPlace] {
    try ObjectKind.allCases.flatMap { try sample.vault().list($0).objects }
  }

  static func verify(_ sample: SampleVault, withKey: Bool) throws -> Verification {
    var result = try Verification.withoutKey(sample.vault())
    if withKey { try sample.founder().verify(into: &result) }
    return result
  }

  @Test func anUntouchedVaultHasNoFinding() throws {
    let (sample, _) = try Self.vaultWithARecord()
    let result = try Self.verify(sample, withKey: true)
    #expect(result.findings.isEmpty)
    #expect(result.objects == 15)
    #expect(result.records == 1)
  }

  @Test(arguments: Harm.allCases)
  func harmIsFoundAndNamed(harm: Harm) throws {
    let (sample, record) = try Self.vaultWithARecord()
    // Without the founder's own lock file and first entries there is nobody to verify with: those are tried without a key.
    for place in try Self.objects(sample) {
      let path = sample.path(place).path
      let good = try Data(contentsOf: URL(filePath: path))
      try Self.apply(harm, to: path, good)
      let result = try Self.verify(sample, withKey: false)
      if harm == .removed {
        // Without a key nobody knows that it was here: that is what checkpoints are for.
        #expect(result.objects == 14)
        #expect(result.findings.isEmpty)
      } else {
        #expect(result.findings.map(\.place.description) == [place.description], "\(harm) \(place)")
        #expect(result.findings.first?.kind == .damaged)
      }
      try? FileManager.default.removeItem(atPath: path)
      try good.write(to: URL(filePath: path))
    }
    #expect(try Self.verify(sample, withKey: true).findings.isEmpty)
    _ = try sample.founder().newest(record)
  }

  static func apply(_ harm: Harm, to path: String, _ good: Data) throws {
    let url = URL(filePath: path)
    switch harm {
    case .flipped:
      var bad = good
      bad[bad.count / 2] ^= 1
      try bad.write(to: url)
    case .truncated: try good.prefix(good.count - 1).write(to: url)
    case .emptied: try Data().write(to: url)
    case .zeroed: try Data(count: good.count).write(to: url)
    case .extended: try (good + [0]).write(to: url)
    case .removed: try FileManager.default.removeItem(atPath: path)
    case .link:
      let elsewhere = FileManager.default.temporaryDirectory.appending(path: url.lastPathComponent)
      try good.write(to: elsewhere)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: elsewhere.path)
    case .pipe:
      try FileManager.default.removeItem(atPath: path)
      #expect(unsafe mkfifo(path, 0o600) == 0)
    case .folder:
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
  }
}
