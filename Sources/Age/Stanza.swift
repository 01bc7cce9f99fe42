import Sodium

/// One recipient stanza of a header: who may be able to open the file, and the wrapped file key.
public struct Stanza: Hashable, Sendable {
  /// The first argument, such as `X25519`.
  public let type: String
  /// The arguments behind the type.
  public let arguments: [String]
  /// The decoded body.
  public let body: [UInt8]

  /// A stanza; type and arguments are visible ASCII and not empty.
  public init(type: String, arguments: [String], body: [UInt8]) {
    for argument in [type] + arguments {
      precondition(
        !argument.isEmpty && argument.utf8.allSatisfy(Self.isVisible), "an argument is visible ASCII")
    }
    self.type = type
    self.arguments = arguments
    self.body = body
  }

  /// How many columns a line of a body has.
  static let columns = 64

  static func isVisible(_ character: UInt8) -> Bool { (33...126).contains(character) }

  /// The stanza's lines: arguments, then the body in base64, wrapped at 64 columns and ended by a shorter line,
  /// which may be empty.
  var encoded: [UInt8] {
    var text =
      Array("-> ".utf8) + Array(([type] + arguments).joined(separator: " ").utf8) + [UInt8(ascii: "\n")]
    let body = Base64.encode(body.span, padded: false)
    var start = 0
    while true {
      let end = min(start + Self.columns, body.count)
      text += body[start..<end]
      text.append(UInt8(ascii: "\n"))
      if end - start < Self.columns { return text }
      start = end
    }
  }
}
