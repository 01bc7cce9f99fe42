import Platform
import Record
import TestimonyVault

/// Many records at once.
///
/// A file is a record whose testimony it is. A folder is a record: `summary`, `testimony` and `identity` with the ending
/// `.txt`, `.md` or `.json`, and the folders `attachments` and `identity-attachments`. Names that begin with a dot are
/// passed over; anything else is an error, so that nothing is left out in silence.
enum Batch {
  static func read(_ path: String) throws -> [Materials] {
    let root = PathBytes(path)
    let status: FileStatus
    do { status = try FileSystem.status(root) } catch { throw CommandError.file(root.description, error) }
    let paths = status.kind == .directory ? try entries(of: root).map { root.appending($0) } : try listed(in: path)
    guard !paths.isEmpty else { throw CommandError.batch(root.description, "there is nothing in it to seal") }
    return try paths.map(record)
  }

  private static func listed(in file: String) throws -> [PathBytes] {
    try HandedIn.bytes(file).split(separator: UInt8(ascii: "\n")).compactMap { line in
      let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      return bytes.isEmpty ? nil : PathBytes(bytes: Array(bytes))
    }
  }

  private static func entries(of folder: PathBytes) throws -> [PathBytes] {
    do { return try Directory.open(folder).names().filter { $0.bytes.first != UInt8(ascii: ".") } } catch {
      throw CommandError.file(folder.description, error)
    }
  }

  private static func record(_ path: PathBytes) throws -> Materials {
    let status: FileStatus
    do { status = try FileSystem.status(path) } catch { throw CommandError.file(path.description, error) }
    var one = Materials(label: path.last.description)
    guard status.kind == .directory else {
      // A FIFO would wait for its writer for ever.
      guard status.kind == .regular else {
        throw CommandError.batch(path.description, "it is neither a file nor a folder")
      }
      one.testimony = try fields(path, .testimony)
      return one
    }
    for name in try entries(of: path) {
      let place = path.appending(name)
      switch name.text {
      case "attachments": one.attachments = try sources(place)
      case "identity-attachments": one.identityAttachments = try sources(place)
      default:
        switch stem(name) {
        case "summary" where one.summary == nil: one.summary = try fields(place, .summary)
        case "testimony" where one.testimony == nil: one.testimony = try fields(place, .testimony)
        case "identity" where one.identity == nil: one.identity = try fields(place, .identity)
        default:
          throw CommandError.batch(
            place.description, "a record's folder holds summary, testimony and identity, and attachments/")
        }
      }
    }
    guard !one.isEmpty else { throw CommandError.batch(path.description, "there is nothing in it to seal") }
    return one
  }

  private static func fields(_ path: PathBytes, _ kind: FormKind) throws -> JSON {
    try HandedIn.fields(regular(path).text, as: kind)
  }

  private static func sources(_ folder: PathBytes) throws -> [AttachmentSource] {
    try entries(of: folder).map { try AttachmentSource(regular(folder.appending($0))) }
  }

  /// Refuses what is no file: a FIFO would wait for its writer for ever.
  private static func regular(_ path: PathBytes) throws -> PathBytes {
    guard (try? FileSystem.status(path))?.kind == .regular else {
      throw CommandError.batch(path.description, "it is not a file")
    }
    return path
  }

  /// The name without one of the endings of texts; nil where it has none of them.
  private static func stem(_ name: PathBytes) -> String? {
    for ending in [".txt", ".md", ".json"] where name.bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
      return String(decoding: name.bytes.dropLast(ending.utf8.count), as: UTF8.self)
    }
    return nil
  }
}
