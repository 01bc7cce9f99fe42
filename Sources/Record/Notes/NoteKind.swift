/// The kinds of signed note in a vault: the first line of each is `testimony-vault/<kind>/v1` (PROTOCOL, signed notes).
public enum NoteKind: String, Sendable, CaseIterable {
  case vault, keys, `case`, gone, entry, locks, share, card, seen, index
  case kit, drop, receipt, outbox

  /// The first line, without its newline.
  public var line: String { "testimony-vault/\(rawValue)/v1" }

  /// The kind whose first line this is; nil for a kind or version that this program does not know.
  public init?(line: some StringProtocol) {
    guard let kind = NoteKind.allCases.first(where: { $0.line.utf8.elementsEqual(line.utf8) }) else {
      return nil
    }
    self = kind
  }
}
