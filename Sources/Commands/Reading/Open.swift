import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct Open: Verb {
  static let words = "open"
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open an attachment, to a file.",
    discussion: """
      The file is there only when all of it was authenticated. Nothing that exists is replaced. Attachments are counted \
      through all versions, as read shows them; with --version, through that one.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The record.", valueName: "record"))
  var record: String
  @Argument(help: "The attachment: its number, or its name.")
  var attachment: String?
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to write, or a folder to write into (default: its own name, here).", valueName: "file")
  )
  var output: String?
  @Option(help: ArgumentHelp("testimony or identity: whose attachment.", valueName: "layer"))
  var layer = Layer.testimony.rawValue
  @Option(help: ArgumentHelp("Only of this version, as read shows it.", valueName: "version"))
  var version: String?

  func perform(_ face: Face) throws -> JSON {
    guard let layer = Layer(rawValue: layer), layer != .summary else { throw CommandError.unknownLayer(self.layer) }
    if let output, !OutputPath.isFolder(output) { try OutputPath.checkFree(PathBytes(output)) }
    // An opening is recorded before the file is written: not one that cannot be.
    try OutputPath.checkFolder(output.map { PathBytes($0) } ?? ".")
    _ = try ShownID(record, of: .record)
    let session = try face.session()
    let id = try session.findRecord(record)
    let versions = try session.read(layer, of: id, only: version)
    if common.dryRun {
      // What is inside is not told before it is recorded that somebody looked.
      try face.out("would record that you opened an attachment of the \(layer.rawValue) of \(id.shown()), and write it")
      return ["record": .string(id.shown()), "layer": .string(layer.rawValue)]
    }
    let (opened, one) = try chooseRecorded(from: versions, layer, of: id, session, face)
    let path = OutputPath.of(one, asked: output)
    try face.record(session.recordOpening(layer, of: id, [opened.version], attachment: one.content))
    try OutputPath.checkFree(path)
    let progress = ProgressLine("opening", face: face)
    defer { progress.end() }
    let counter = Counter()
    let place = path.last.description
    try session.write(one, of: opened, to: path) { count in
      progress.show(done: counter.add(count), total: one.length, of: place)
    }
    progress.end()
    try face.done("opened", "\(path)  \(Amounts.bytes(one.length))  sha256 \(one.content)")
    face.say("This file is not sealed. Remove it when you are done; flash memory may keep what was removed.")
    return [
      "record": .string(id.shown()), "file": .string(path.description), "length": .integer(Int64(one.length)),
      "sha256": .string(one.content.description),
    ]
  }

  /// What there is to choose from is told, also by refusing a guess, only when it is recorded that somebody looked.
  private func chooseRecorded(
    from versions: [VersionRead], _ layer: Layer, of id: ThingID, _ session: Session, _ face: Face
  ) throws -> (OpenedLayer, Attachment) {
    do { return try choose(from: versions, of: id) } catch {
      try face.record(session.recordOpening(layer, of: id, versions.filter { $0.opened != nil }.map(\.version)))
      throw error
    }
  }

  /// By its number through all versions that are open to the caller, or by its name.
  private func choose(from versions: [VersionRead], of id: ThingID) throws -> (OpenedLayer, Attachment) {
    let all = versions.compactMap(\.opened).flatMap { opened in opened.compartment.attachments.map { (opened, $0) } }
    guard let attachment else {
      guard all.count == 1 else { throw VaultError.noAttachment(id, "") }
      return all[0]
    }
    if let number = Int(attachment), String(number) == attachment, all.indices.contains(number - 1) {
      return all[number - 1]
    }
    // A name that is not UTF-8 is meant by its own bytes.
    let bytes = PathBytes(attachment).bytes
    let named = all.filter { ($0.1.rawName ?? Array($0.1.name.utf8)) == bytes }
    guard named.count == 1 else { throw VaultError.noAttachment(id, attachment) }
    return named[0]
  }
}

/// Where an opened attachment goes.
enum OutputPath {
  static func isFolder(_ path: String) -> Bool {
    (try? FileSystem.status(PathBytes(path)))?.kind == .directory
  }

  static func checkFree(_ path: PathBytes) throws {
    if (try? FileSystem.linkStatus(path)) != nil { throw VaultError.outputExists(Place(path.description)) }
  }

  /// Throws where there is no folder to write into: the path, or what it lies in.
  static func checkFolder(_ path: PathBytes) throws {
    let folder = isFolder(path.text) ? path : path.parent
    do { _ = try Directory.open(folder) } catch { throw CommandError.file(folder.description, error) }
  }

  /// The name inside a record is a stranger's: only its last component is used, without anything that could lead
  /// elsewhere, hide, or speak to the terminal.
  static func of(_ attachment: Attachment, asked: String?) -> PathBytes {
    if let asked, !isFolder(asked) { return PathBytes(asked) }
    let name = safeName(of: attachment)
    return asked.map { PathBytes($0).appending(name) } ?? name
  }

  static func safeName(of attachment: Attachment) -> PathBytes {
    var bytes = Array(
      (attachment.rawName ?? Array(attachment.name.utf8)).split(separator: UInt8(ascii: "/")).last ?? [])
    if let text = String(validating: bytes, as: UTF8.self) {
      bytes = Array(String(String.UnicodeScalarView(text.unicodeScalars.map { isDeceptive($0) ? "_" : $0 })).utf8)
    }
    bytes = bytes.map { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "\\") ? UInt8(ascii: "_") : $0 }
    while bytes.first == UInt8(ascii: ".") || bytes.first == UInt8(ascii: "-") { bytes.removeFirst() }
    if bytes.isEmpty { bytes = Array("attachment".utf8) }
    return PathBytes(bytes: Array(bytes.prefix(255)))
  }

  /// C1 controls, and what turns the direction of writing: `photo\u{202e}gpj.exe` reads as `photoexe.jpg`.
  private static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9f, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
