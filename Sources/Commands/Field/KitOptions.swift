import ArgumentParser
import Platform
import Record
import TestimonyVault

/// Which kit is meant.
struct KitOptions: ParsableArguments {
  @Option(
    name: .customLong("kit"),
    help: ArgumentHelp("The kit's folder (default: Kit, or the folder you are in).", valueName: "dir"))
  var folder: String?

  var path: PathBytes {
    if let folder { return PathBytes(folder) }
    return (try? FileSystem.status("Kit"))?.kind == .directory ? "Kit" : "."
  }

  func open() throws -> KeyFolder {
    do { return try KeyFolder(opening: path) } catch VaultError.system(let error, _) where error.isNotFound {
      throw VaultError.kit(.notAKit(Place(path.description)))
    }
  }
}

extension Face {
  /// The kit, unlocked with its worker's passphrase.
  func fieldKit(_ kit: KitOptions) throws -> FieldKit {
    let folder = try kit.open()
    let names = try FieldKit.names(in: folder)
    guard let first = names.first else { throw VaultError.kit(.notAKit(Place(kit.path.description))) }
    guard options.person != nil || names.count == 1 else { throw VaultError.kit(.several(names)) }
    let name = try Self.name(options.person ?? first)
    guard names.contains(name.text) else { throw VaultError.kit(.noSuchKit(name.text)) }
    let opened = try FieldKit(opening: folder, key: unlock(name, in: folder))
    speak(opened.note.language)
    return opened
  }

  /// What a worker should know of an old kit, at every note.
  func tellAge(of kit: FieldKit) {
    if kit.isOver {
      warn(
        Message("this kit ended on \(kit.note.until): counsel decides what becomes of notes that arrive from now on"))
    }
    let heard = kit.outbox.heard ?? kit.note.time
    let days = (SystemClock.now() - heard.seconds) / 86_400
    if days > 0 {
      say(
        Message(
          count: Int(days), one: "It seals to whom counsel named %1 day ago.",
          many: "It seals to whom counsel named %1 days ago."))
    }
  }
}
