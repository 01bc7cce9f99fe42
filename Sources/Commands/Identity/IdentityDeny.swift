import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct IdentityDeny: Verb {
  static let words = "identity deny"
  static let configuration = CommandConfiguration(
    commandName: "deny", abstract: "Refuse a request, with a reason that whoever asked reads.",
    discussion: "Your share stays with you. It ends nothing by itself: the others may still approve.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The request.", valueName: "request"))
  var request: String
  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String

  func perform(_ face: Face) throws -> JSON {
    guard !reason.isEmpty else { throw CommandError.form("--reason", .empty) }
    _ = try ShownID(request, of: .request)
    let session = try face.session()
    let one = try session.findRequest(request)
    try session.checkDenial(one)
    let audience = try face.readers(of: CircleName.custodians, session)
    let data: JSON = ["request": .string(one.id.shown()), "reason": .string(reason)]
    if common.dryRun {
      try face.out("would deny  \(one.id.shown()), sealed to \(audience)")
      return data
    }
    if one.hasApproved { face.warn("you have approved it before: what was sent cannot be taken back") }
    try session.deny(one.id, reason: reason)
    try face.done("denied", "\(one.id.shown())  sealed to \(audience)")
    face.say("\(one.requester) reads the reason. It ends nothing by itself: the others may still approve.")
    return data
  }
}
