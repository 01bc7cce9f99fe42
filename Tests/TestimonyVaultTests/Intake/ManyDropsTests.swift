import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// Issue 6's case, smaller: 60 notes by 3 workers with 20 attachments, in random order with duplicates, truncations and
/// 5 that never come.
struct ManyDropsTests {
  struct Mix: RandomNumberGenerator {
    var state: UInt64 = 6
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }

  static let workers = ["dana", "erke", "nura"]
  /// What never arrives, and what arrives cut once and whole later.
  static let missing: [String: [Int]] = ["dana": [4, 5, 19], "erke": [1], "nura": [11]]
  static let cut: [String: [Int]] = ["dana": [2], "erke": [7, 8], "nura": [20]]

  @Test func theReportIsExactlyRight() throws {
    let field = try FieldOffice()
    var random = Mix()
    var kits: [String: FieldKit] = [:]
    var sizes: [SHA256Hash: Int] = [:]
    for worker in Self.workers { kits[worker] = try field.kit(worker) }
    let attached = Set((0..<60).shuffled(using: &random).prefix(20))
    for number in 0..<60 {
      let kit = try #require(kits[Self.workers[number % 3]])
      var files: [PathBytes] = []
      if attached.contains(number) {
        let size = Int.random(in: 1...200_000, using: &random)
        files = [try field.sample.file("photo \(number).jpg", Data(repeating: UInt8(number), count: size))]
      }
      sizes[try kit.note("note \(number)", attaching: files).head] = files.isEmpty ? 0 : 1
    }
    try FileManager.default.createDirectory(at: field.url("inbox"), withIntermediateDirectories: true)
    // Every drop on a stick of its own, in any order, some of them twice.
    let drops = Self.workers.flatMap { worker in (kits[worker]?.outbox.drops ?? []).map { (worker, $0) } }
    for (place, (worker, drop)) in drops.shuffled(using: &random).enumerated() {
      if Self.missing[worker]?.contains(drop.number) == true { continue }
      let kit = try #require(kits[worker])
      try field.carry(kit, [drop], to: "inbox/\(place)")
      if Bool.random(using: &random) { _ = try kit.export([drop], packed: field.path("inbox/again \(place).tar")) }
      guard Self.cut[worker]?.contains(drop.number) == true else { continue }
      for name in try FileManager.default.contentsOfDirectory(atPath: field.url("inbox").path)
      where name.hasSuffix(" \(place).tar") { try field.remove("inbox/\(name)") }
      try field.cut("inbox/\(place)/\(drop.files[drop.number % drop.files.count]).age", to: 777)
    }
    let first = try field.intake("inbox")
    try expect(first, filed: 51, field)
    let cuts = Self.cut.values.reduce(0) { $0 + $1.count }
    #expect(first.intake.sources.torn.count == cuts)
    let before = try field.files()
    let second = try field.intake("inbox")
    #expect(second.taken.isEmpty && second.intake.arrivals.filter { $0.verdict == .known }.count == 51)
    #expect(try field.files() == before)

    // What was cut comes whole.
    for worker in Self.workers {
      let kit = try #require(kits[worker])
      for drop in kit.outbox.drops where Self.cut[worker]?.contains(drop.number) == true {
        try field.carry(kit, [drop], to: "inbox/whole")
      }
    }
    let third = try field.intake("inbox")
    #expect(third.taken.count == cuts && third.intake.sources.torn == [])
    let after = try field.files()
    #expect(try field.intake("inbox").taken.isEmpty && field.files() == after)
    try check(field, sizes)
  }

  /// Which are filed, torn and missing, worker by worker.
  private func expect(_ told: (intake: Intake, taken: [Taken]), filed: Int, _ field: FieldOffice) throws {
    #expect(told.taken.count == filed && told.taken.allSatisfy { $0.standing == .filed })
    #expect(told.intake.foreign == [] && told.intake.broken == [] && told.intake.sources.refused == [])
    for worker in Self.workers {
      let arrivals = told.intake.arrivals.filter { $0.worker == worker }
      let torn = arrivals.filter { $0.verdict == .incomplete(1) }.map(\.head.number)
      #expect(torn == Self.cut[worker])
      let status = KitStatus(try field.told(worker), arriving: arrivals.map(\.drop))
      #expect(status.missing == Self.missing[worker] && status.forked == [] && status.quarantined == [])
      let all = Set(1...20).subtracting((Self.missing[worker] ?? []) + (Self.cut[worker] ?? []))
      #expect(status.filed == all.sorted())
    }
  }

  private func check(_ field: FieldOffice, _ attachments: [SHA256Hash: Int]) throws {
    let session = try field.bolat()
    let notes = session.kits.flatMap(\.notes)
    #expect(notes.count == 55 && session.log.records.count == 56 && session.log.refused.isEmpty)
    for note in notes {
      guard case .drop(_, let head, _, _) = note.source else { return fault("an unsigned one") }
      let record = ThingID(kind: .record, hash: note.record)
      let read = try session.open(.testimony, of: record, session.newest(record))
      #expect(read.compartment.attachments.count == attachments[head])
    }
    #expect(try RotatingTests.verify(session).isEmpty)
  }
}
