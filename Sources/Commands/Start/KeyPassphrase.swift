import ArgumentParser
import Platform
import Record
import Sodium
import TestimonyVault

struct KeyPassphrase: Verb {
  static let words = "key passphrase"
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Protect your key with another passphrase.",
    discussion: "The old one still opens every copy of the old key file that exists elsewhere.")

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("Read the new passphrase from a file's first line.", valueName: "file"))
  var newPassphraseFile: String?
  @OptionGroup var protection: NewPassphraseOptions

  func perform(_ face: Face) throws -> JSON {
    let keys = try face.keyFolder()
    let name = try face.person(in: keys)
    let key = try face.unlock(name, in: keys)
    if common.dryRun {
      try face.out("would write \(keys.path)/\(name.text).key anew")
      return [:]
    }
    let sealed = try KeyFile.seal(key, passphrase: try new(face), logN: protection.logN)
    try keys.write(PathBytes("\(name.text).key"), sealed, replacing: true)
    try face.done("changed", "the passphrase of \(name.text)")
    face.say("Copies of the old file, wherever they are, still open with the old passphrase.")
    return ["name": .string(name.text)]
  }

  private func new(_ face: Face) throws -> Secret {
    guard let file = newPassphraseFile else { return try face.askNewPassphrase(choose: protection.choose) }
    let path = PathBytes(file)
    do {
      return try face.checkedLength(try Face.firstLine(FileSystem.openForReading(path), path.description))
    } catch let error as SystemError { throw CommandError.file(path.description, error) }
  }
}
