import Platform
import Record
import TestimonyVault

/// Texts that are handed in as files or on standard input.
enum HandedIn {
  /// A text larger than this belongs among the attachments.
  static let limit = 16 << 20

  static func fields(_ file: String, as kind: FormKind, atMost limit: Int = limit) throws -> JSON {
    let bytes = try bytes(file, atMost: limit)
    do { return try Form.parse(bytes.span, as: kind) } catch { throw CommandError.form(place(file), error) }
  }

  static func bytes(_ file: String, atMost limit: Int = limit) throws -> [UInt8] {
    do {
      let source = file == "-" ? try Descriptor.standardInput() : try FileSystem.openForReading(PathBytes(file))
      return try source.readAll(atMost: limit)
    } catch {
      if error.isTooLong { throw CommandError.textTooLarge(place(file), limit: limit) }
      throw CommandError.file(place(file), error)
    }
  }

  /// A place in a sentence: standard input by its name in each language.
  static func shown(_ place: String) -> Message {
    place == "standard input" ? Message("standard input") : Message(verbatim: place)
  }

  static func place(_ file: String) -> String { file == "-" ? "standard input" : PathBytes(file).description }
}
