/// Sizes for people: MB and GB of a million and a thousand million bytes.
enum Amounts {
  static func bytes(_ count: UInt64) -> String {
    switch count {
    case 1: "1 byte"
    case ..<1_000: "\(count) bytes"
    case ..<1_000_000: "\(tenths(count, 1_000)) kB"
    case ..<1_000_000_000: "\(tenths(count, 1_000_000)) MB"
    default: "\(tenths(count, 1_000_000_000)) GB"
    }
  }

  /// One digit behind the point below ten, none above.
  private static func tenths(_ count: UInt64, _ unit: UInt64) -> String {
    let tenths = (count * 10 + unit / 2) / unit
    return tenths >= 100 ? "\((count + unit / 2) / unit)" : "\(tenths / 10).\(tenths % 10)"
  }

  static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
}
