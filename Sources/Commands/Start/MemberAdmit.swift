import ArgumentParser
import Record
import Shares
import Sodium
import TestimonyVault

struct MemberAdmit: Verb {
  static let words = "member admit"
  static let configuration = CommandConfiguration(
    commandName: "admit", abstract: "Take somebody in by their card. The founder's key is needed.",
    discussion:
      "Whoever is admitted can read what was sealed to their circles before, too. The same card ends a suspension.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The card.", valueName: "file"))
  var file: String
  @Option(
    name: .customLong("role"),
    help: ArgumentHelp("counsel, reviewer or custodian; may be given more than once.", valueName: "role"))
  var roleNames: [String]
  @Option(help: ArgumentHelp("The name in any script, as members see it.", valueName: "name"))
  var displayName: String?
  @Option(help: ArgumentHelp("The check words, or the name, instead of being asked for it.", valueName: "name"))
  var confirm: String?

  func perform(_ face: Face) throws -> JSON {
    var roles: [Role] = []
    for name in roleNames {
      guard let role = Role(rawValue: name) else { throw CommandError.unknownRole(name) }
      if !roles.contains(role) { roles.append(role) }
    }
    guard !roles.isEmpty else { throw CommandError.unknownRole("") }
    let card = try CardFile.read(file)
    let session = try face.session()
    guard session.isFounder else { throw VaultError.needsFounder }
    try session.check(card)
    for name in session.formerHolders(of: card) {
      face.warn(
        "this card has the recipient of \(name), who was removed: a key that came back from its cards. Whoever has the "
          + "lost key file, and its passphrase, reads again too")
    }
    if common.dryRun {
      for line in face.lines(of: card) { face.say(line) }
      let circles = session.circles(for: card, as: roles)
      try face.out(
        "would admit \(card.name.text) as \(roles.map(\.rawValue).joined(separator: " and ")), "
          + "and seal the keys of \(circles.joined(separator: ", ")) to their key")
      return ["name": .string(card.name.text), "circles": .array(circles.map { .string($0) })]
    }
    try face.confirm(
      card.name.text, given: confirm.map { $0 == words(of: card) ? card.name.text : $0 },
      shown: face.lines(of: card),
      about:
        "Compare these words with \(card.name.text) by another way first: whoever made this card can read from now on.")
    let admitted = try session.admit(card, roles: roles, displayName: displayName ?? card.name.text)
    try face.done(
      admitted.isBack ? "admitted again" : "admitted",
      "\(card.name.text)  \(roles.map(\.rawValue).joined(separator: ", "))  "
        + "keys of \(admitted.circles.joined(separator: ", ")) sealed to their key")
    if let number = admitted.publisher { try face.out("publisher    \(number)") }
    try face.out("welcome      \(admitted.lockFile.hash)")
    if !admitted.lacking.isEmpty {
      face.warn(
        "some keys of \(admitted.lacking.joined(separator: ", ")) are not here, and were not given: a counsel who has them gives them with a new key"
      )
      face.next("a counsel who has them: \(Program.name) circle rotate \(admitted.lacking.joined(separator: " "))")
    }
    face.next("bring the vault's copy to \(card.name.text); there: \(Program.name) list --as \(card.name.text)")
    return [
      "name": .string(card.name.text), "member": .string(card.member.description),
      "roles": .array(roles.map { .string($0.rawValue) }),
      "circles": .array(admitted.circles.map { .string($0) }),
      "publisher": admitted.publisher.map { .integer(Int64($0)) } ?? .null,
      "welcome": .string(admitted.lockFile.hash.description),
    ]
  }

  private func words(of card: Card) -> String { CheckWords.of(card.hash).joined(separator: " ") }
}
