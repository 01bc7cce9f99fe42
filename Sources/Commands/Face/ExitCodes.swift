/// The exit codes: never renumbered; in `--help`, the README, and a golden test.
enum ExitCodes: Int32, CaseIterable {
  case done = 0
  case internalError = 1
  case partly = 3
  case notHere = 4
  case notAVault = 10
  case noneOfYourKeys = 11
  case passphrase = 12
  case quorum = 13
  case refused = 14
  case cancelled = 15
  case damaged = 20
  case fork = 21
  case incomplete = 22
  case foreign = 23
  case busy = 30
  case inputOutput = 31
  case helper = 40
  case usage = 64
  case interrupted = 130
  case terminated = 143

  var meaning: String {
    switch self {
    case .done: "done, and durable"
    case .internalError: "internal error"
    case .partly: "partly done"
    case .notHere: "not here"
    case .notAVault: "not a vault"
    case .noneOfYourKeys: "none of your keys fits"
    case .passphrase: "passphrase"
    case .quorum: "quorum not reached"
    case .refused: "refused by role, consent, policy or leak guard"
    case .cancelled: "cancelled"
    case .damaged: "damaged"
    case .fork: "rollback or fork"
    case .incomplete: "incomplete (still arriving)"
    case .foreign: "foreign files"
    case .busy: "busy"
    case .inputOutput: "no space or I/O"
    case .helper: "helper program"
    case .usage: "usage"
    case .interrupted: "interrupted"
    case .terminated: "terminated"
    }
  }

  static let help =
    "Exit codes:\n"
    + allCases.map { code in
      let number = String(code.rawValue)
      return "  " + String(repeating: " ", count: 3 - number.count) + number + "  " + code.meaning
    }.joined(separator: "\n")
}
