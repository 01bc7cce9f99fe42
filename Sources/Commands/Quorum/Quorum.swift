import ArgumentParser

struct Quorum: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quorum", abstract: "Who opens identities together.",
    discussion: """
      A policy counts when each of its custodians has accepted it; a change also needs as many of the outgoing ones as \
      open an identity. Nothing is sealed before there is one.
      """,
    subcommands: [QuorumShow.self, QuorumSet.self, QuorumAccept.self, QuorumConfirm.self, QuorumReplace.self],
    defaultSubcommand: QuorumShow.self)
}
