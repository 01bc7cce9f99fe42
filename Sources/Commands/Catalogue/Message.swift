/// A sentence of ours, with what it speaks of kept apart: `Message("number \(4), receipt \(code)")`.
///
/// Its key in the catalogue is the English text with a place for each argument, `number %1, receipt %2`. A translation puts
/// the arguments where its grammar wants them; where there is none, the English stands. Flags, commands and file names are
/// arguments too: no translator can break them, and they keep their direction (see `Direction`).
struct Message: ExpressibleByStringInterpolation, CustomStringConvertible, Sendable {
  enum Argument: Sendable {
    /// A number, code, file or command, or foreign words that were made visible.
    case text(String)
    case message(Message)
  }

  let key: String
  /// A number of things, and the English for more than one.
  let count: (number: Int, many: String)?
  let arguments: [Argument]

  private init(_ key: String, _ arguments: [Argument], count: (Int, String)? = nil) {
    self.key = key
    self.arguments = arguments
    self.count = count
  }

  init(stringLiteral text: String) { self.init(text, []) }

  init(stringInterpolation: Interpolation) { self.init(stringInterpolation.key, stringInterpolation.arguments) }

  /// So many things: `%1` is their number.
  init(count number: Int, one: String, many: String) {
    self.init(one, [.text(String(number))], count: (number, many))
  }

  /// Words that are in no catalogue: codes, commands, and the sentences that nobody has translated yet.
  init(verbatim text: String) { self.init("%1", [.text(text)]) }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var key = ""
    fileprivate var arguments: [Argument] = []

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) { key += literal }

    mutating func appendInterpolation(_ message: Message) { append(.message(message)) }

    mutating func appendInterpolation(_ value: some CustomStringConvertible) { append(.text(value.description)) }

    private mutating func append(_ argument: Argument) {
      arguments.append(argument)
      key += "%\(arguments.count)"
    }
  }

  /// In English.
  var description: String { text(in: .english) }

  /// For JSON and for files that a program reads: no marks of direction.
  func text(in language: Language) -> String { placed(in: language) { Direction.harmless($0) } }

  /// For a person.
  func written(in language: Language) -> String {
    guard language.isRightToLeft else { return text(in: language) }
    return Direction.lines(placed(in: language) { Direction.isolated($0) })
  }

  /// The sentence with its arguments in their places. `show` sees what is not ours to translate.
  private func placed(in language: Language, _ show: (String) -> String) -> String {
    var result = String.UnicodeScalarView()
    var rest = Catalogue.form(of: self, in: language).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%", let digit = rest.first, ("1"..."9").contains(digit) else {
        result.append(scalar)
        continue
      }
      rest.removeFirst()
      let place = Int(digit.value - 0x31)
      guard place < arguments.count else { continue }
      switch arguments[place] {
      case .text(let text): result.append(contentsOf: show(text).unicodeScalars)
      case .message(let message): result.append(contentsOf: message.placed(in: language, show).unicodeScalars)
      }
    }
    return String(result)
  }
}
