/// Sizes for people: MB and GB of a million and a thousand million bytes.
enum Amounts {
  static func size(_ count: UInt64) -> Message {
    switch count {
    case ..<1_000: Message(count: Int(count), one: "%1 byte", many: "%1 bytes")
    case ..<1_000_000: Message("\(tenths(count, 1_000)) kB")
    case ..<1_000_000_000: Message("\(tenths(count, 1_000_000)) MB")
    default: Message("\(tenths(count, 1_000_000_000)) GB")
    }
  }

  /// In English.
  static func bytes(_ count: UInt64) -> String { size(count).description }

  static func notes(_ count: Int) -> Message { Message(count: count, one: "%1 note", many: "%1 notes") }

  /// One digit behind the point below ten, none above.
  private static func tenths(_ count: UInt64, _ unit: UInt64) -> String {
    let tenths = (count * 10 + unit / 2) / unit
    return tenths >= 100 ? "\((count + unit / 2) / unit)" : "\(tenths / 10).\(tenths % 10)"
  }

  static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
}
