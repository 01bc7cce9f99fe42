import Platform
public import Publishing
public import Record
import Sodium

/// What lies under `public/`: what counts of it, and what does not.
public struct PublicListing: Sendable {
  public let record: PublicRecord
  /// Under a right name, with another content, or larger than a public note can be.
  public fileprivate(set) var damaged: [Place] = []
  public fileprivate(set) var foreign: [Place] = []
  public fileprivate(set) var temporary: [Place] = []
}

extension VaultFolder {
  /// The largest public note, in bytes.
  public static let publicLimit = 1 << 20
  private static let vaultNoteLimit = 1 << 16

  /// `vault.note`, verified.
  public func vaultNote() throws(VaultError) -> VaultNote {
    let place = Self.noteName.description
    let descriptor: Descriptor
    do { descriptor = try root.openForReading(Self.noteName) } catch {
      if error.isNotFound { throw .notAVault(Place(path.description)) }
      if error.isNotRegular || error.isLoop { throw .damaged(Place(place), .notRegular) }
      throw .system(error, at: place)
    }
    let bytes = try Self.contents(of: descriptor, at: place, atMost: Self.vaultNoteLimit)
    let note: VaultNote
    do { note = try VaultNote(parsing: bytes.span) } catch { throw .damaged(Place(place), .record(error)) }
    guard note.format == VaultNote.format else { throw .unknownFormat(note.format) }
    return note
  }

  /// A hash over all names under `public/`, which change whenever a note comes or goes: they end in the hash of their bytes.
  func publicNames() throws(VaultError) -> SHA256Hash {
    var lines: [[UInt8]] = []
    if let folder = try subfolder(of: root, Self.publicName, at: "public") {
      for name in try names(in: folder, at: "public") {
        lines.append(name.bytes)
        guard let inside = try? folder.directory(name) else { continue }
        for file in try names(in: inside, at: "public/\(name)") { lines.append(name.bytes + [0x2f] + file.bytes) }
      }
    }
    lines.sort { $0.lexicographicallyPrecedes($1) }
    return SHA256Hash(of: Array(lines.joined(separator: [0x0a])))
  }

  /// Reads what lies under `public/`, one note after another. Nothing that somebody put there stops the reading.
  /// - Parameter keysOnly: passes over what is said of cases.
  public func publicListing(of vault: VaultNote, keysOnly: Bool = false) throws(VaultError) -> PublicListing {
    var reading = PublicReading(vault)
    if let folder = try subfolder(of: root, Self.publicName, at: "public") {
      // The folder of the keys comes first: the case notes are judged by them.
      let names = try names(in: folder, at: "public").sorted { first, _ in
        first.bytes.elementsEqual(PublicName.vaultFolder.utf8)
      }
      for name in names where !keysOnly || name == PathBytes(PublicName.vaultFolder) {
        try reading.read(name, in: folder, self)
      }
    }
    return reading.finish()
  }
}

/// The names under `public/`.
enum PublicName {
  static let vaultFolder = "vault"

  /// `0003-<64 hex>.note`: the number, at least four digits, and the SHA-256 of the file's bytes.
  static func file(number: Int, bytes: [UInt8], suffix: String = ".note") -> PathBytes {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    return PathBytes("\(padded)-\(SHA256Hash(of: bytes))\(suffix)")
  }

  /// A number, at least four digits.
  static func prefix(number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// The number and the hash that a file's name states; nil where it does not have the exact form.
  static func parts(of name: PathBytes, suffix: String = ".note") -> (number: Int, hash: SHA256Hash)? {
    let bytes = name.bytes
    let dash = bytes.count - suffix.utf8.count - 64 - 1
    guard (4...7).contains(dash), bytes[(dash + 65)...].elementsEqual(suffix.utf8), bytes[dash] == UInt8(ascii: "-"),
      bytes[..<dash].allSatisfy({ (0x30...0x39).contains($0) }), dash == 4 || bytes[0] != UInt8(ascii: "0"),
      let number = Int(String(decoding: bytes[..<dash], as: UTF8.self)),
      let hash = SHA256Hash(hex: String(decoding: bytes[(dash + 1)..<(dash + 65)], as: UTF8.self))
    else { return nil }
    return (number, hash)
  }

  static func isCaseFolder(_ name: String) -> Bool {
    guard let id = try? ShownID.parse(name), id.kind == .case else { return false }
    return name.utf8.count == "C-0000-0000".utf8.count && name.utf8.elementsEqual(name.uppercased().utf8)
  }
}

/// One reading of `public/`.
private struct PublicReading {
  private var builder: PublicRecord.Builder
  private var damaged: [Place] = []
  private var foreign: [Place] = []
  private var temporary: [Place] = []

  init(_ vault: VaultNote) { builder = PublicRecord.Builder(vault) }

  mutating func finish() -> PublicListing {
    PublicListing(record: builder.finish(), damaged: damaged, foreign: foreign, temporary: temporary)
  }

  mutating func read(_ name: PathBytes, in folder: Directory, _ vault: VaultFolder) throws(VaultError) {
    let path = "public/\(name)"
    let text = String(decoding: name.bytes, as: UTF8.self)
    let isKnown = text == PublicName.vaultFolder || PublicName.isCaseFolder(text)
    guard isKnown, let inside = try? folder.directory(name) else { return foreign.append(Place(path)) }
    // By number: the keys notes are followed as they come.
    let files = try vault.names(in: inside, at: path).map { (PublicName.parts(of: $0)?.number ?? 0, $0) }
    for (_, file) in files.sorted(by: { $0.0 < $1.0 }) {
      try read(file, in: inside, folder: text, at: "\(path)/\(file)")
    }
  }

  private mutating func read(_ file: PathBytes, in directory: Directory, folder: String, at place: String)
    throws(VaultError)
  {
    if file.bytes.starts(with: VaultFolder.temporaryPrefix) { return temporary.append(Place(place)) }
    guard let (number, hash) = PublicName.parts(of: file) else { return foreign.append(Place(place)) }
    let bytes: [UInt8]
    do {
      let descriptor = try directory.openForReading(file)
      bytes = try VaultFolder.contents(of: descriptor, at: place, atMost: VaultFolder.publicLimit)
    } catch {
      // A socket, a file of another user's, one that went meanwhile: nothing that somebody put there stops the reading.
      if Interruption.requested { throw .interrupted }
      if let error = error as? SystemError, error.isNotRegular || error.isLoop { return foreign.append(Place(place)) }
      return damaged.append(Place(place))
    }
    guard SHA256Hash(of: bytes) == hash else { return damaged.append(Place(place)) }
    let note = FoundNote(place: place, folder: folder, number: number, bytes: bytes)
    if folder == PublicName.vaultFolder { builder.add(keys: note) } else { builder.add(case: note) }
  }
}
