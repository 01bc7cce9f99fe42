import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct IdentityApprove: Verb {
  static let words = "identity approve"
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Approve requests: your shares go to whoever asked, sealed for that request alone.",
    discussion: """
      Your own shares are checked first against what was signed at sealing. Approving cannot be undone: each request's \
      id is typed. A share sent for one request opens nothing else.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The requests.", valueName: "request"))
  var requests: [String]
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Confirm without a terminal: the same ids again.", valueName: "id"))
  var confirm: [String] = []

  func perform(_ face: Face) throws -> JSON {
    for one in requests { _ = try ShownID(one, of: .request) }
    let session = try face.session()
    var standings: [RequestStanding] = []
    for text in requests {
      let one = try session.findRequest(text)
      // Everything is looked at before anything is asked or written.
      try session.checkApproval(one)
      if !standings.contains(where: { $0.id == one.id }) { standings.append(one) }
    }
    let audience = try face.readers(of: CircleName.custodians, session)
    if common.dryRun {
      for one in standings {
        try face.out(
          "would approve  \(one.id.shown())  \(one.record.shown()) to \(one.requester), the entry sealed to \(audience)"
        )
      }
      return ["requests": .array(standings.map { .string($0.id.shown()) })]
    }
    for one in standings where !one.hasApproved {
      let id = one.id.shown()
      let given = confirm.first { $0.uppercased() == id.uppercased() } ?? confirm.first
      try face.confirm(
        id, given: given,
        shown: RequestShowing(one).beforeApproving(face), about: RequestShowing(one).effect)
    }
    let done = try session.approve(standings.map(\.id))
    for one in done { try tell(one, audience, face) }
    return ["approved": .array(done.map(json))]
  }

  private func tell(_ one: Approved, _ audience: String, _ face: Face) throws {
    guard one.isNew else { return try face.done("approved", "\(one.id.shown()) already: nothing was done") }
    for accusation in one.accused { face.warn("not sent: \(Complaint.sentence(accusation))") }
    let shares = Amounts.count(one.shares, "share", "shares")
    try face.done(
      "approved", "\(one.id.shown())  \(shares) to \(one.requester) alone, the entry sealed to \(audience)")
    let there = one.isSplit ? "quorum replace, as before" : "identity open \(one.id.shown())"
    face.next("bring the vault's copy to \(one.requester); there: \(Program.name) \(there)")
  }

  private func json(_ one: Approved) -> JSON {
    [
      "request": .string(one.id.shown()), "id": .string(one.id.hash.description), "already": .bool(!one.isNew),
      "shares": .integer(Int64(one.shares)),
      "bad": .array(one.accused.map { .string(Complaint.sentence($0)) }),
    ]
  }
}
