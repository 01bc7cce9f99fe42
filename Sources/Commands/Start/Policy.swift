import ArgumentParser
import Publishing
import Record
import TestimonyVault

struct Policy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "How many publishers must sign what is done in public.",
    subcommands: [PolicyShow.self, PolicySet.self], defaultSubcommand: PolicyShow.self)
}

struct PolicyShow: Verb {
  static let words = "policy show"
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "How many publishers must sign. No key is needed.")

  @OptionGroup var common: CommonOptions

  func perform(_ face: Face) throws -> JSON {
    let folder = try face.vaultFolder()
    guard let keys = try folder.publicListing(of: folder.vaultNote()).record.keys else {
      throw VaultError.missing(Place("public/vault"))
    }
    return try face.policy(keys.thresholds, of: keys.publishers.count)
  }
}

struct PolicySet: Verb {
  static let words = "policy set"
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set how many publishers must sign. The founder's key is needed.",
    discussion: "What is not named stays as it is. Texts that too few have signed do not count until more have.")

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("For a case's public summary.", valueName: "n"))
  var publish: Int?
  @Option(help: ArgumentHelp("For taking a summary back.", valueName: "n"))
  var retract: Int?
  @Option(help: ArgumentHelp("For destroying sealed material.", valueName: "n"))
  var erase: Int?
  @Option(help: ArgumentHelp("For replacing lock files.", valueName: "n"))
  var replace: Int?

  func validate() throws {
    for given in [publish, retract, erase, replace] {
      if let given, given < 1 { throw ValidationError("at least one publisher signs.") }
    }
  }

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    let (before, publishers) = try session.policy()
    var thresholds = before
    thresholds.publish = publish ?? before.publish
    thresholds.retract = retract ?? before.retract
    thresholds.erase = erase ?? before.erase
    thresholds.replace = replace ?? before.replace
    try session.checkPolicy(thresholds)
    let below = session.textsBelow(thresholds)
    if common.dryRun {
      try face.out("would set, for anyone to read:")
    } else {
      try session.set(thresholds)
      try face.done("set", "the policy  for anyone to read, signed by the founder's key")
    }
    let data = try face.policy(thresholds, of: publishers)
    if below > 0 {
      face.warn(
        "\(Amounts.count(below, "published text", "published texts")) will not count until more publishers have signed")
      face.next("\(Program.name) countersign")
    }
    return data
  }
}

extension Face {
  fileprivate func policy(_ thresholds: KeysNote.Thresholds, of publishers: Int) throws -> JSON {
    let rows = [
      ("publish", thresholds.publish), ("retract", thresholds.retract), ("erase", thresholds.erase),
      ("replace", thresholds.replace),
    ]
    for (name, count) in rows {
      try out("\(name)\(String(repeating: " ", count: 9 - name.utf8.count))\(count) of \(publishers)")
    }
    return .object(
      JSONObject(rows.map { ($0.0, .integer(Int64($0.1))) } + [("publishers", .integer(Int64(publishers)))]))
  }
}
