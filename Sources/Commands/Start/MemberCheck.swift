import ArgumentParser
import Record
import Shares
import Sodium

struct MemberCheck: Verb {
  static let words = "member check"
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Show a card's check words, without a key.",
    discussion: "Compare the words with the person by another way: by voice, or face to face.")

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The card.", valueName: "file"))
  var file: String

  func perform(_ face: Face) throws -> JSON {
    let card = try CardFile.read(file)
    for line in face.lines(of: card) { try face.out(line) }
    return [
      "name": .string(card.name.text), "member": .string(card.member.description),
      "recipient": .string(card.recipient),
      "check-words": .array(CheckWords.of(card.hash).map { .string($0) }),
    ]
  }
}
