import ArgumentParser
import Record

struct Template: Verb {
  static let words = "template"
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Print an empty form: summary, testimony, identity, case or public.",
    discussion: "Fill it in with any editor and hand it in with seal, case new or publish. All fields are optional.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "summary, testimony, identity, case or public.")
  var kind: String

  func perform(_ face: Face) throws -> JSON {
    guard let kind = FormKind(rawValue: kind) else { throw CommandError.unknownForm(self.kind) }
    try face.out(String(kind.template.dropLast()))
    return [
      "form": .string(kind.rawValue), "fields": .array(kind.fields.map { .string($0.name) }),
      "text": .string(kind.textName),
    ]
  }
}
