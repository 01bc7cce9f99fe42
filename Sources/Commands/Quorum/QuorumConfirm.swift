import ArgumentParser
import Platform
import Record
import Shares
import Sodium
import TestimonyVault

struct QuorumConfirm: Verb {
  static let words = "quorum confirm"
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Confirm a custodian by the check words that they read out to you.",
    discussion: """
      Whoever seals does this once for each custodian: a founder could otherwise put false ones of his own making in \
      their place. The custodian reads them off their own machine: key show.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The custodian.", valueName: "name"))
  var name: String
  @Argument(help: ArgumentHelp("The eight words, as you heard them.", valueName: "word"))
  var checkWords: [String]

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    if common.dryRun {
      try face.out("would compare the words with the card of \(name), and remember it in Keys")
      return [:]
    }
    let member = try session.confirm(custodian: name, words: checkWords)
    try face.done("confirmed", "\(member.name)  remembered on this device")
    return ["name": .string(member.name), "member": .string(member.key.description)]
  }
}

extension Face {
  /// Before anything is sealed: each custodian whom this device does not know yet is confirmed by the words that they read
  /// out, which are never shown first.
  func confirmCustodians(_ session: Session) throws {
    _ = try session.activeQuorum()
    try confirm(session.unconfirmedCustodians, session, whoHold: "a share of every identity")
  }

  /// Has each member confirmed who is not; `whoHold` says what they will hold.
  func confirm(_ members: [Roster.Member], _ session: Session, whoHold what: String) throws {
    let unknown = members.filter { !session.isConfirmed($0) }
    if options.dryRun { return }
    for member in unknown {
      guard !options.noInput, let terminal = Terminal.open() else {
        throw VaultError.quorum(.unconfirmed(unknown.map(\.name)))
      }
      terminal.write(
        "\(member.name) will hold \(what), and this device does not know that key yet.\n"
          + "Have \(member.name) read out the check words of their own machine (\(Program.name) key show).\n")
      guard let line = try terminal.readLine(prompt: "The eight words of \(member.name): ", echo: true) else {
        throw CommandError.cancelled
      }
      _ = try session.confirm(
        custodian: member.name, words: [String(decoding: line.bytes.copy(), as: UTF8.self)])
    }
  }
}
