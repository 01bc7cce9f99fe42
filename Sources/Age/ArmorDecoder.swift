import Sodium

/// Armor decoded as it arrives, in pieces of any size, with no more than a line in memory.
///
/// What it gave out is complete only when `finish` returned.
public struct ArmorDecoder: Sendable {
  private enum Place { case before, body, behindShortLine, after }

  /// How much blank space is taken before and after.
  private static let maximumBlank = 1024

  private var place = Place.before
  private var line: [UInt8] = []
  private var number = 1
  private var blank = 0

  /// A decoder that has seen nothing.
  public init() {}

  /// Takes the next piece of text and appends what it decodes to.
  public mutating func decode(_ text: Span<UInt8>, into file: inout [UInt8]) throws(AgeError) {
    for index in 0..<text.count {
      let character = text[index]
      if character == UInt8(ascii: "\n") {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        try takeLine(into: &file)
        line.removeAll(keepingCapacity: true)
        number += 1
      } else {
        guard line.count < Self.maximumBlank else { throw .malformedArmor(line: number) }
        line.append(character)
      }
    }
  }

  /// Ends the text: the end marker must have been there.
  public mutating func finish(into file: inout [UInt8]) throws(AgeError) {
    if !line.isEmpty { try takeLine(into: &file) }
    guard place == .after else { throw .malformedArmor(line: number) }
  }

  private mutating func takeLine(into file: inout [UInt8]) throws(AgeError) {
    switch place {
    case .before:
      if line == Armor.begin { place = .body } else { try takeBlank() }
    case .body, .behindShortLine:
      if line == Armor.end {
        place = .after
        blank = 0
      } else {
        try takeBody(into: &file)
      }
    case .after:
      try takeBlank()
    }
  }

  private mutating func takeBody(into file: inout [UInt8]) throws(AgeError) {
    guard place == .body, (1...Armor.columns).contains(line.count),
      let bytes = Base64.decode(line.span, padded: true)
    else { throw .malformedArmor(line: number) }
    if bytes.count < Armor.bytesPerLine { place = .behindShortLine }
    file += bytes
  }

  private mutating func takeBlank() throws(AgeError) {
    blank += line.count + 1
    guard line.allSatisfy(Self.isBlank), blank <= Self.maximumBlank else {
      throw .malformedArmor(line: number)
    }
  }

  static func isBlank(_ character: UInt8) -> Bool {
    character == UInt8(ascii: " ") || (9...13).contains(character)
  }
}
