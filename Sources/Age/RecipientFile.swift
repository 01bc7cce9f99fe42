import Sodium

/// A recipient file: comments, blank lines and recipients, one a line.
public enum RecipientFile {
  /// The recipients of a file, in their order.
  ///
  /// Refused: a line that is neither comment nor recipient (its number is told), and a file without one.
  public static func parse(_ text: Span<UInt8>) throws(AgeError) -> [NativeRecipient] {
    var recipients: [NativeRecipient] = []
    for (line, range) in KeyLines(text).keys {
      do {
        let text = String(decoding: text.extracting(range).copy(), as: UTF8.self)
        recipients.append(try NativeRecipient(parsing: text))
      } catch {
        throw .malformedKeyFile(line: line)
      }
    }
    guard !recipients.isEmpty else { throw .noKeys }
    return recipients
  }
}
