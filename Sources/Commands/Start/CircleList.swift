import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct CircleList: Verb {
  static let words = "circle list"
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The circles, the number of their key, and who holds it.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let states = session.circleStates
    let width = states.map { TextWidth.columns($0.name) }.max() ?? 0
    for state in states {
      let name = state.name + String(repeating: " ", count: width - TextWidth.columns(state.name))
      let cases = state.cases.isEmpty ? "" : "  reviews \(Amounts.count(state.cases.count, "case", "cases"))"
      let keys = state.epochs.map { String($0.number) }.joined(separator: " and ")
      try face.out(
        "\(name)  key \(keys)  \(state.holders.isEmpty ? "nobody" : state.holders.joined(separator: ", "))\(cases)")
      if state.epochs.count > 1 {
        face.say("\(state.name) has several keys, made apart: \(Program.name) circle rotate \(state.name)")
      }
    }
    return .array(
      states.map { state in
        [
          "circle": .string(state.name), "holders": .array(state.holders.map { .string($0) }),
          "epochs": .array(
            state.epochs.map {
              ["number": .integer(Int64($0.number)), "epoch": .string($0.epoch.description)]
            }), "cases": .array(state.cases.map { .string($0.shown()) }),
        ]
      })
  }
}
