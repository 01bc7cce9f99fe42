import Record
import Sodium
import TestimonyVault

/// Fields as a reader sees them: other people's words.
enum Words {
  static func show(_ fields: JSON, _ face: Face) throws {
    for line in lines(of: fields) { try face.data(line) }
  }

  /// The same as one text, for a file.
  static func text(of fields: JSON) -> String { lines(of: fields).map { $0 + "\n" }.joined() }

  private static func lines(of fields: JSON) -> [String] {
    var lines: [String] = []
    let members = (fields.members ?? []).filter { !$0.key.utf8.elementsEqual(Addition.field.utf8) }
    for member in members where member.value.text != nil || member.value.list != nil {
      let values = member.value.list.map { list in list.map { text($0) } } ?? [text(member.value)]
      for value in values {
        // A long text stands below its name.
        let block = value.utf8.contains(UInt8(ascii: "\n"))
        lines.append(block ? "--- \(member.key)\n\(value)" : "\(member.key): \(value)")
      }
    }
    for member in members where member.value.text == nil && member.value.list == nil {
      lines.append("\(member.key): \(text(member.value))")
    }
    return lines
  }

  private static func text(_ value: JSON) -> String {
    value.text ?? String(decoding: value.printed(), as: UTF8.self)
  }
}

/// What reviewers wrote, as it is listed.
enum Reviews {
  static func show(_ reviews: [ReviewRead], under heading: String, _ face: Face) throws {
    if reviews.isEmpty { return }
    try face.out(heading)
    for (index, one) in reviews.enumerated() {
      try face.out("  \(index + 1)  \(one.time.description.prefix(10))  \(one.author ?? "?")")
      try Words.show(one.body.fields, face)
    }
  }

  static func json(_ one: ReviewRead) -> JSON {
    [
      "note": .string(one.note.description), "time": .string(one.time.description),
      "author": one.author.map { .string($0) } ?? .null,
      "manifests": .array(one.body.manifests.map { .string($0.description) }), "fields": one.body.fields,
    ]
  }
}
