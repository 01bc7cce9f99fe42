import ArgumentParser

struct Member: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Who belongs to the vault.",
    subcommands: [MemberCheck.self, MemberAdmit.self, MemberSuspend.self, MemberRemove.self, MemberList.self])
}
