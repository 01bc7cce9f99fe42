import Platform
import Record
import TestimonyVault

/// Identities written out: a new folder, empty until everything was authenticated and the opening is recorded.
final class IdentityFiles {
  let folder: PathBytes
  private(set) var names: [PathBytes] = []
  private var output: FolderOutput?

  /// Makes the folder, where anything is to go into it, and writes everything under no name yet.
  init(_ opened: OpenedIdentities, in folder: PathBytes, json: Bool, _ session: Session) throws {
    self.folder = folder
    for one in opened.versions {
      guard let layer = one.opened else { continue }
      let fields = layer.compartment.fields
      if fields.members?.isEmpty == false {
        let text = json ? fields.printed() + [UInt8(ascii: "\n")] : Array(Words.text(of: fields).utf8)
        try make().write(free(PathBytes("identity-\(one.label).\(json ? "json" : "txt")"))) { write in
          try write(text.span)
        }
      }
      for attachment in layer.compartment.attachments {
        try make().write(free(OutputPath.safeName(of: attachment))) { write in
          try session.hand(attachment, of: layer, to: write)
        }
      }
    }
  }

  private func make() throws -> FolderOutput {
    let made = try output ?? FolderOutput(making: folder)
    output = made
    return made
  }

  /// A name that nothing here has yet.
  private func free(_ wanted: PathBytes) -> PathBytes {
    var name = wanted
    var number = 2
    while names.contains(name) {
      let prefix = Array("\(number)-".utf8)
      name = PathBytes(bytes: prefix + Array(wanted.bytes.prefix(255 - prefix.count)))
      number += 1
    }
    names.append(name)
    return name
  }

  /// Names the files. Where it throws, nothing of them is there.
  func appear() throws { try output?.appear() }
}
