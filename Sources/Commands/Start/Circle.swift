import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct Circle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "circle", abstract: "Groups that share a key.",
    subcommands: [CircleList.self, CircleNew.self, CircleRotate.self])
}

extension Face {
  /// Who got which key: one line for each circle.
  func keys(_ circles: [KeyedCircle]) throws {
    for circle in circles {
      try out("new key      \(circle.name) \(circle.body.number), for \(circle.holders.joined(separator: ", "))")
    }
  }

  /// Who would get which key.
  func keys(wouldBe circles: [(circle: String, holders: [String])]) throws -> JSON {
    for one in circles { try out("would make a new key of \(one.circle), for \(one.holders.joined(separator: ", "))") }
    return .array(
      circles.map { ["circle": .string($0.circle), "holders": .array($0.holders.map { .string($0) })] })
  }
}

extension KeyedCircle {
  var json: JSON {
    [
      "circle": .string(name), "number": .integer(Int64(body.number)), "epoch": .string(body.epoch.description),
      "holders": .array(holders.map { .string($0) }),
    ]
  }
}
