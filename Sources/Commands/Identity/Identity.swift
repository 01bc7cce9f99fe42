import ArgumentParser

struct Identity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Ask to read an identity, answer who asks, and read it once a quorum approved.",
    discussion: """
      Counsel ask; custodians approve or deny on their own machines, in their own time; whoever asked opens. Each step \
      is a signed entry and travels with any copy of the vault. Who asked is the one who reads, and reads once.
      """,
    subcommands: [
      IdentityRequest.self, IdentityPending.self, IdentityApprove.self, IdentityDeny.self, IdentityCancel.self,
      IdentityOpen.self,
    ])
}
