import ArgumentParser
import Platform
import Record
import TestimonyVault

struct KitReceipt: Verb {
  static let words = "kit receipt"
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Sign again for all notes of a kit that are in this copy of the vault.",
    discussion: "After a checkpoint it brings the proof that the checkpoint covers them; after a rotation, the new key."
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "Whose kit.")
  var worker: String
  @Option(help: ArgumentHelp("The folder that the receipt goes to (default: this one).", valueName: "dir"))
  var receipts: String?

  func perform(_ face: Face) throws -> JSON {
    let session = try face.session()
    try session.require(.counsel)
    let kit = try session.kit(named: worker)
    if common.dryRun {
      try face.out(Message("would sign for \(Amounts.notes(KitStatus(kit).filed.count)) of \(worker)"))
      return ["worker": .string(worker)]
    }
    return try face.writeReceipt(for: kit, of: worker, into: PathBytes(receipts ?? "."), session)
  }
}

extension Face {
  /// Signs a receipt and writes its file, whose name says nothing.
  func writeReceipt(for kit: Kit, of worker: String, into folder: PathBytes, _ session: Session) throws -> JSON {
    let receipt = try session.signReceipt(for: kit)
    let path = folder.appending(PathBytes(receipt.name))
    try receipt.write(into: folder)
    var what = Amounts.notes(receipt.numbers.count)
    if receipt.covered > 0 { what = Message("\(what), \(receipt.covered) under a checkpoint") }
    try done(Message("receipt  \(path)  for \(worker): \(what)"))
    if receipt.bringsPolicy {
      say(Message("It brings the kit the new custodians, and so holds their cards: it is sealed to the kit."))
    }
    next(Message("carry it to \(worker): \("\(Program.name) outbox receipts FILE")"))
    return [
      "worker": .string(worker), "file": .string(path.description),
      "numbers": .array(receipt.numbers.map { .integer(Int64($0)) }), "covered": .integer(Int64(receipt.covered)),
      "brings-policy": .bool(receipt.bringsPolicy),
    ]
  }
}
