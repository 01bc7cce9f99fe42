import ArgumentParser
import TestimonyVault

/// How a new passphrase is made, and how much work it is to guess it.
struct NewPassphraseOptions: ParsableArguments {
  @Flag(name: .customLong("own-passphrase"), help: "Choose the passphrase yourself instead of having one made.")
  var choose = false
  @Option(
    name: .customLong("work-factor"),
    help: ArgumentHelp("The cost of guessing the passphrase: 2 to this power (10 to 20).", valueName: "n"))
  var logN = KeyFile.defaultLogN

  func validate() throws {
    guard (10...20).contains(logN) else { throw ValidationError("a work factor is a number from 10 to 20.") }
  }

  /// Below this a thief tries passphrases by the million.
  func warn(_ face: Face) {
    if logN < 15 { face.warn("a work factor below 15 makes the passphrase easy to guess for who has the file") }
  }
}
