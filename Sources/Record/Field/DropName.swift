public import Sodium

/// How people name a drop of one kit: by its number, or by its receipt code, which tells two of one number apart.
public enum DropName: Hashable, Sendable {
  case number(Int)
  case code(ReceiptCode)

  /// Nil for what is neither. A code has six characters; what has fewer digits is a number.
  public init?(_ text: String) {
    if let number = Int(text), String(number) == text, text.utf8.count < 6 {
      self = .number(number)
    } else if let code = try? ReceiptCode(parsing: text) {
      self = .code(code)
    } else {
      return nil
    }
  }

  /// - Parameter head: the head's note hash.
  public func means(number: Int, head: SHA256Hash) -> Bool {
    switch self {
    case .number(let named): named == number
    case .code(let code): code.matches(head)
    }
  }
}
