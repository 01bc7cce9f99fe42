import ArgumentParser
import Platform

/// The flags that every verb takes. None ever holds a secret.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The vault (default: the nearest Vault/ upward).", valueName: "dir"))
  var vault: String?
  @Option(help: ArgumentHelp("Your keys (default: Keys/ beside the vault).", valueName: "dir"))
  var keys: String?
  @Option(name: .customLong("as"), help: ArgumentHelp("Whose key to use.", valueName: "name"))
  var person: String?
  @Flag(help: "One JSON object on standard output.")
  var json = false
  @Flag(help: "No marks, colours or redrawing.")
  var plain = false
  @Flag(name: [.customShort("q"), .long], help: "No progress and no explanations; what was done is still said.")
  var quiet = false
  @Flag(name: [.customShort("v"), .long], help: "Say more.")
  var verbose = false
  @Flag(help: "Say what would be done, and to whom it would be sealed; write nothing.")
  var dryRun = false
  @Flag(help: "Never ask; fail instead.")
  var noInput = false
  @Flag(help: "No colours.")
  var noColor = false
  @Option(
    name: .customLong("passphrase-fd"), help: ArgumentHelp("Read the passphrase from a descriptor.", valueName: "n"))
  var passphraseDescriptor: Int32?
  @Option(help: ArgumentHelp("Read the passphrase from a file's first line.", valueName: "file"))
  var passphraseFile: String?

  func validate() throws {
    if passphraseDescriptor != nil, passphraseFile != nil {
      throw ValidationError(usage: Message("give \("--passphrase-fd") or \("--passphrase-file"), not both."))
    }
    let arguments = RawArguments.all.dropFirst().prefix { $0 != "--" }
    if let name = Self.repeated(in: arguments) { throw ValidationError(usage: Message("\(name) is given twice.")) }
    if passphraseDescriptor == 0, arguments.contains(where: { $0 == "-" || $0.utf8.suffix(2).elementsEqual("=-".utf8) })
    {
      throw ValidationError(usage: Message("standard input can be used for one thing only."))
    }
    if let number = passphraseDescriptor, number < 0 {
      throw ValidationError(usage: Message("a descriptor is not negative."))
    }
  }

  /// An option that takes one value and stands there twice: the parser would drop the first in silence, a statement too.
  private static func repeated(in arguments: some Sequence<String>) -> String? {
    let many: Set = ["--attach", "--identity-attach", "--role", "--with", "--without"]
    var seen: Set<String> = []
    for argument in arguments where argument.utf8.starts(with: "--".utf8) {
      let name = String(argument.prefix { $0 != "=" })
      if !many.contains(name), !seen.insert(name).inserted { return name }
    }
    return nil
  }

  /// The vault's path: as given, from `TESTIMONY_VAULT`, or the nearest `Vault` upward; else `Vault` here.
  var vaultPath: PathBytes {
    if let vault { return PathBytes(vault) }
    if let vault = Environment.value("TESTIMONY_VAULT"), !vault.isEmpty { return PathBytes(vault) }
    return Self.nearest ?? "Vault"
  }

  /// Whether the keys' place was named.
  var hasKeys: Bool { keys != nil || !(Environment.value("TESTIMONY_KEYS") ?? "").isEmpty }

  /// The keys' path: as given, from `TESTIMONY_KEYS`, or `Keys` beside the vault.
  var keysPath: PathBytes {
    if let keys { return PathBytes(keys) }
    if let keys = Environment.value("TESTIMONY_KEYS"), !keys.isEmpty { return PathBytes(keys) }
    return Self.keys(beside: vaultPath)
  }

  /// `Keys` beside a vault, never inside it, also where the vault is named as `.` or `..`.
  static func keys(beside vault: PathBytes) -> PathBytes {
    if vault.last == "." || vault.last == ".." { return vault.appending("../Keys") }
    return vault.parent == "." ? "Keys" : vault.parent.appending("Keys")
  }

  private static var nearest: PathBytes? {
    guard var folder = try? FileSystem.currentDirectory() else { return nil }
    var relative: PathBytes = "Vault"
    while true {
      let candidate = folder.appending("Vault")
      // Whatever stands there is what was meant: a vault that is damaged or still arriving must not lead to another one.
      if (try? FileSystem.linkStatus(candidate)) != nil { return relative }
      if folder == folder.parent || folder == "/" { return nil }
      folder = folder.parent
      relative = PathBytes("..").appending(relative)
    }
  }
}
