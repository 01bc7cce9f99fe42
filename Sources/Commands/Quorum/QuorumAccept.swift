import ArgumentParser
import Record
import TestimonyVault

struct QuorumAccept: Verb {
  static let words = "quorum accept"
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Take a policy on as one of its custodians, or let the one it changes go.",
    discussion: """
      You then hold one share of every identity that is sealed. With it you promise two things: to approve nothing but \
      requests whose reason you have checked, and not to lose your key.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(
    help: ArgumentHelp(
      "The first digits of a policy's hash, where several stand beside each other: quorum show.", valueName: "policy"))
  var policy: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let waiting = try session.policyToAccept(self.policy)
    for line in face.lines(of: waiting, session) { face.say(line) }
    if common.dryRun {
      try face.out("would accept it, sealed to \(try face.readers(of: CircleName.members, session))")
      return face.json(of: waiting, session)
    }
    let policy = try session.acceptQuorum(self.policy)
    try face.done(
      "accepted", "\(face.words(for: policy, session))  sealed to \(try face.readers(of: CircleName.members, session))")
    try face.waiting(for: policy, session)
    return face.json(of: policy, session)
  }
}
