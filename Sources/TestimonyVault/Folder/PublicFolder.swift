import Platform
public import Publishing
public import Record
import Sodium

extension VaultFolder {
  /// The largest public note that is read, in bytes.
  static let publicLimit = 16 << 20

  /// `vault.note`, verified.
  public func vaultNote() throws(VaultError) -> VaultNote {
    let place = Self.noteName.description
    let descriptor: Descriptor
    do { descriptor = try root.openForReading(Self.noteName) } catch {
      if error.isNotFound { throw .notAVault(Place(path.description)) }
      if error.isNotRegular || error.isLoop { throw .damaged(Place(place), .notRegular) }
      throw .system(error, at: place)
    }
    let bytes = try Self.contents(of: descriptor, at: place, atMost: Self.publicLimit)
    let note: VaultNote
    do { note = try VaultNote(parsing: bytes.span) } catch { throw .damaged(Place(place), .record(error)) }
    guard note.format == VaultNote.format else { throw .unknownFormat(note.format) }
    return note
  }

  /// What lies under `public/`: the notes whose bytes hash to the hash in their name, and what is foreign or damaged.
  public func publicNotes() throws(VaultError) -> PublicNotes {
    var found = PublicNotes()
    guard let folder = try subfolder(of: root, Self.publicName, at: "public") else { return found }
    for name in try names(in: folder, at: "public") {
      let path = "public/\(name)"
      let text = String(decoding: name.bytes, as: UTF8.self)
      guard text == PublicNotes.vaultFolder || PublicNotes.isCaseFolder(text), let inside = try? folder.directory(name)
      else {
        found.foreign.append(Place(path))
        continue
      }
      for file in try names(in: inside, at: path) { try read(file, in: inside, folder: text, path: path, into: &found) }
    }
    return found
  }

  private func read(
    _ file: PathBytes, in directory: Directory, folder: String, path: String, into found: inout PublicNotes
  ) throws(VaultError) {
    let place = "\(path)/\(file)"
    if file.bytes.starts(with: Self.temporaryPrefix) {
      found.temporary.append(Place(place))
      return
    }
    guard let hash = PublicNotes.hash(inName: file) else {
      found.foreign.append(Place(place))
      return
    }
    let bytes: [UInt8]
    do {
      let descriptor = try directory.openForReading(file)
      bytes = try Self.contents(of: descriptor, at: place, atMost: Self.publicLimit)
    } catch let error as SystemError where error.isNotRegular || error.isLoop {
      found.foreign.append(Place(place))
      return
    } catch let error as SystemError { throw .system(error, at: place) } catch let error as VaultError {
      throw error
    } catch { throw .damaged(Place(place), .notRegular) }
    guard SHA256Hash(of: bytes) == hash else {
      found.damaged.append(Place(place))
      return
    }
    let note = FoundNote(place: place, folder: folder, bytes: bytes)
    if folder == PublicNotes.vaultFolder { found.keys.append(note) } else { found.cases.append(note) }
  }
}

/// What lies under `public/`.
public struct PublicNotes: Sendable {
  static let vaultFolder = "vault"

  public var keys: [FoundNote] = []
  public var cases: [FoundNote] = []
  /// Under a right name, with another content.
  public var damaged: [Place] = []
  public var foreign: [Place] = []
  public var temporary: [Place] = []

  /// `0003-<64 hex>.note`: the number, at least four digits, and the SHA-256 of the file's bytes.
  static func fileName(number: Int, bytes: [UInt8]) -> PathBytes {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    return PathBytes("\(padded)-\(SHA256Hash(of: bytes)).note")
  }

  static func hash(inName name: PathBytes) -> SHA256Hash? {
    let bytes = name.bytes
    guard bytes.count >= 4 + 1 + 64 + 5, bytes.suffix(5).elementsEqual(".note".utf8) else { return nil }
    let dash = bytes.count - 5 - 64 - 1
    guard bytes[dash] == UInt8(ascii: "-"), bytes[..<dash].allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return SHA256Hash(hex: String(decoding: bytes[(dash + 1)..<(dash + 65)], as: UTF8.self))
  }

  static func isCaseFolder(_ name: String) -> Bool {
    guard let id = try? ShownID.parse(name) else { return false }
    return id.kind == .case && name == name.uppercased()
  }
}
