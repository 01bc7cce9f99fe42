public import Record
public import Shares
public import Sodium

/// Cards of a paper backup as a text for scripts: one card a line, its words in order; a line below it may be its check
/// code. Empty lines, and those that begin with `#`, are skipped.
public enum CardLines {
  public struct Line: Sendable {
    /// Counted from 1.
    public let number: Int
    public let share: Mnemonic
    public let code: BackupCode?

    /// What is wrong with this card, among the others.
    public func fault(_ fault: BackupFault) -> Fault { Fault(line: number, fault: fault) }
  }

  public struct Fault: Error {
    /// Counted from 1.
    public let line: Int
    public let fault: BackupFault
  }

  public static func read(_ text: borrowing Secret) throws(Fault) -> [Line] {
    let bytes = text.bytes
    var cards: [Line] = []
    var (start, number) = (0, 0)
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let line = bytes.extracting(trimmed(start..<end, of: bytes))
      (start, number) = (end + 1, number + 1)
      if line.isEmpty || line[0] == UInt8(ascii: "#") { continue }
      if line.count > 1, line[1] == UInt8(ascii: "-") {
        guard let last = cards.last, last.code == nil else { throw Fault(line: number, fault: .malformedCode) }
        guard let code = try? BackupCode(parsing: line) else {
          throw Fault(line: number, fault: .malformedCode)
        }
        cards[cards.count - 1] = Line(number: last.number, share: last.share, code: code)
      } else {
        do { cards.append(Line(number: number, share: try share(line), code: nil)) } catch {
          throw Fault(line: number, fault: error)
        }
      }
    }
    return cards
  }

  private static func share(_ line: Span<UInt8>) throws(BackupFault) -> Mnemonic {
    var words = 0
    for index in line.indices where !isSpace(line[index]) && (index == 0 || isSpace(line[index - 1])) { words += 1 }
    do {
      let share = try Mnemonic(parsing: line)
      guard words == PaperBackup.wordsOnACard else { throw BackupFault.length(words) }
      return share
    } catch let error as ShareError {
      if case .word = error { throw BackupFault(error, words: words) }
      throw words == PaperBackup.wordsOnACard ? BackupFault(error, words: words) : .length(words)
    } catch { throw (error as? BackupFault) ?? .notABackup }
  }

  private static func trimmed(_ line: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
    var (start, end) = (line.lowerBound, line.upperBound)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }
}
