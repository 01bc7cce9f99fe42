import ArgumentParser
import Record

struct Template: Verb {
  static let words = "template"
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Print an empty form.",
    discussion:
      "Fill it in with any editor and hand it in with seal, amend, assess, case new or publish. All fields are optional."
  )

  static let kinds = "summary, testimony, identity, translation, correction, assessment, case or public"

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp(stringLiteral: Template.kinds + "."))
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
