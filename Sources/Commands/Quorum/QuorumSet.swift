import ArgumentParser
import Record
import TestimonyVault

struct QuorumSet: Verb {
  static let words = "quorum set"
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "State who opens identities: 3 of A B C D E. The founder's key is needed.",
    usage: "quorum set T of NAME… [--alone]",
    discussion: """
      The custodians accept it on their own machines: quorum accept. Each person holds one share. A lone lawyer may \
      choose 1 of NAME --alone: then one key opens every identity, and whoever takes that key does.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("How many, the word of, and their names.", valueName: "T of NAME"))
  var policy: [String]
  @Flag(help: "One person alone opens every identity.")
  var alone = false
  @Flag(help: "More custodians than fit lock files of the smallest class: their size then tells them from others.")
  var larger = false

  func validate() throws {
    guard policy.count >= 3, policy[1] == "of", threshold != nil else {
      throw ValidationError("say it so: quorum set 3 of A B C D E.")
    }
    if threshold == 1, !alone {
      throw ValidationError("one person would open every identity: say --alone with 1 of NAME, or ask for two or more.")
    }
    if alone, threshold != 1 || policy.count != 3 { throw ValidationError("--alone is 1 of one NAME.") }
  }

  /// Digits only, so that +3 or 03 is no number.
  private var threshold: Int? {
    guard let text = policy.first, let number = Int(text), String(number) == text, (1...99).contains(number) else {
      return nil
    }
    return number
  }

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let plan = try session.quorumPlan(threshold ?? 0, of: Array(policy.dropFirst(2)), alone: alone)
    if plan.leavesClass, !larger { throw CommandError.largerLocks(plan.custodians.count, plan.lockFileSize) }
    let names = plan.custodians.map(\.name)
    let what = alone ? "\(names[0]) alone" : "\(plan.threshold) of \(names.joined(separator: ", "))"
    if common.dryRun {
      try face.out("would state the policy \(what), sealed to \(try face.readers(of: CircleName.members, session))")
      return ["threshold": .integer(Int64(plan.threshold)), "custodians": .array(names.map { .string($0) })]
    }
    let policy = try session.setQuorum(plan)
    try face.done("stated", "\(what)  sealed to \(try face.readers(of: CircleName.members, session))")
    try face.waiting(for: policy, session)
    if alone {
      face.warn("whoever takes the key of \(names[0]) opens every identity that is sealed from now on")
    }
    return face.json(of: policy, session)
  }
}
