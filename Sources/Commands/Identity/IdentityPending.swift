import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct IdentityPending: Verb {
  static let words = "identity pending"
  static let configuration = CommandConfiguration(
    commandName: "pending",
    abstract: "Which identities are asked for, by whom, why, and whether your own share is good.",
    discussion: """
      Without a request: all that wait for you; with --all those too that you have answered, or that have ended. What is \
      wrong with one is said beside it. The record is named by its id only: what it holds is not for custodians. --order \
      FILE writes the order of the request that is named.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("Only this request.", valueName: "request"))
  var request: String?
  @Option(help: ArgumentHelp("Write its order to this file.", valueName: "file"))
  var order: String?
  @Flag(help: "Those too that you have answered, or that were opened, taken back, or have expired.")
  var all = false

  func validate() throws {
    if order != nil, request == nil { throw ValidationError("--order goes with one request.") }
  }

  func perform(_ face: Face) throws -> JSON {
    let path = order.map { PathBytes($0) }
    if let path { try OutputPath.checkFree(path) }
    if let request { _ = try ShownID(request, of: .request) }
    let session = try face.session()
    try session.requireAnswering()
    let requests: [RequestStanding]
    var answered = 0
    if let request {
      requests = [try session.findRequest(request)]
    } else {
      let open = try session.requestStandings().filter { all || $0.isWaiting }
      // A custodian does not see whether it was opened: what was answered waits for others, if for anybody.
      let isCounsel = session.me?.holds(.counsel) ?? false
      requests = open.filter { all || isCounsel || !$0.hasAnswered }
      answered = open.count - requests.count
    }
    for one in requests { try RequestShowing(one).show(face) }
    if requests.isEmpty { face.say("no request waits for you") }
    if answered > 0 {
      face.say("\(Amounts.count(answered, "request", "requests")) you have answered: --all shows them")
    }
    if let path, let one = requests.first {
      try session.writeOrder(of: one.history, to: path)
      face.say("written  \(path)  This file is not sealed. Remove it when you are done.")
    }
    if request != nil, let one = requests.first, one.isOpen, !one.hasApproved, case .good = one.own {
      face.next("\(Program.name) identity approve \(one.id.shown())  or: identity deny \(one.id.shown()) --reason TEXT")
    }
    if request != nil, let one = requests.first, one.state == .approved, one.history.requester == session.key.hash {
      let verb = one.history.body.split == nil ? "identity open \(one.id.shown())" : "quorum replace, as before"
      face.next("\(Program.name) \(verb)")
    }
    return ["requests": .array(requests.map { RequestShowing($0).json })]
  }
}

extension RequestStanding {
  var isOpen: Bool { state == .open || state == .approved }
}
