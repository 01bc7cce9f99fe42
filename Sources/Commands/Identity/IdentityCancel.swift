import ArgumentParser
import Record
import Sodium
import TestimonyVault

struct IdentityCancel: Verb {
  static let words = "identity cancel"
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Take your own request back: its key is destroyed, and no approval opens any more."
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The request.", valueName: "request"))
  var request: String

  func perform(_ face: Face) throws -> JSON {
    _ = try ShownID(request, of: .request)
    let session = try face.session()
    let one = try session.findRequest(request)
    try session.checkCancel(one)
    let audience = try face.readers(of: CircleName.custodians, session)
    let data: JSON = ["request": .string(one.id.shown())]
    if common.dryRun {
      try face.out("would take back  \(one.id.shown()), sealed to \(audience)")
      return data
    }
    let isTold = try session.cancel(one.id)
    let entry = isTold ? "the entry sealed to \(audience)" : "no entry was written"
    try face.done("cancelled", "\(one.id.shown())  its key is destroyed; \(entry)")
    return data
  }
}
