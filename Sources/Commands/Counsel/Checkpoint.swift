import ArgumentParser
import Publishing
import Record
import Shares
import Sodium
import TestimonyVault

struct Checkpoint: Verb {
  static let words = "checkpoint"
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Sign one line that pins every file here, so that anyone can tell when one is gone.",
    discussion: "The registrar signs. Print the line, read it out, send it to somebody, or have it timestamped.")

  @OptionGroup var common: CommonOptions
  @Flag(help: "Show the newest checkpoint and its check words, without a key; sign nothing.")
  var words = false

  func perform(_ face: Face) throws -> JSON {
    if words { return try show(face) }
    let session = try face.session()
    let outcome = try session.checkpoint(rehearsing: common.dryRun)
    for place in outcome.missing {
      face.warn("\(place) is covered by a checkpoint, and is not here: fetch it from another copy")
    }
    for place in outcome.damaged {
      face.warn("\(place) is not what its name says: the checkpoint does not cover it")
    }
    let count = Amounts.count(outcome.added, "file", "files")
    if common.dryRun {
      try face.out("would sign a checkpoint that adds \(count), for anyone to check")
    } else if outcome.added == 0 {
      try face.out("nothing to add: nothing was signed")
    } else {
      try face.done("signed", "a checkpoint that adds \(count), for anyone to check")
    }
    guard let checkpoint = outcome.checkpoint else { return ["added": .integer(Int64(outcome.added))] }
    if !common.dryRun { try face.out(Self.line(checkpoint)) }
    if outcome.added > 0, !common.dryRun { face.next("print that line, or send it to somebody outside") }
    guard case .object(var object) = Self.json(checkpoint) else { return .null }
    object.append("added", .integer(Int64(outcome.added)))
    object.append("missing", .array(outcome.missing.map { .string($0.description) }))
    return .object(object)
  }

  private func show(_ face: Face) throws -> JSON {
    let folder = try face.vaultFolder()
    let vault = try folder.vaultNote()
    let listing = try folder.treeListing(of: vault, folder.publicListing(of: vault).record)
    for (place, fault) in listing.record.faults { face.warn("\(place): \(Verify.sentence(fault))") }
    if listing.record.isUnclear { face.exit = .fork }
    guard let checkpoint = listing.record.newest else { throw VaultError.missing(Place("tree")) }
    try face.out(Self.line(checkpoint))
    return Self.json(checkpoint)
  }

  /// The one line to print, read out or timestamp.
  static func line(_ checkpoint: VaultCheckpoint) -> String {
    let words = CheckWords.of(checkpoint.hash).joined(separator: " ")
    let count = Amounts.count(checkpoint.size, "file", "files")
    return "checkpoint \(checkpoint.number)  \(count)  root \(checkpoint.encodedRoot)  words \(words)"
  }

  private static func json(_ checkpoint: VaultCheckpoint) -> JSON {
    [
      "number": .integer(Int64(checkpoint.number)), "size": .integer(Int64(checkpoint.size)),
      "root": .string(checkpoint.encodedRoot), "text": .string(checkpoint.hash.description),
      "words": .array(CheckWords.of(checkpoint.hash).map { .string($0) }),
    ]
  }
}
