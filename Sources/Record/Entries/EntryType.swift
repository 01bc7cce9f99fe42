/// The types of entry that this version writes and judges. An unknown type is kept, its signature checked, and listed.
public enum EntryType: Hashable, Sendable {
  case admit, circle, `case`, seal, publish
  case unknown(String)

  static let known: [(EntryType, String)] = [
    (.admit, "admit"), (.circle, "circle"), (.case, "case"), (.seal, "seal"), (.publish, "publish"),
  ]

  public var word: String {
    if case .unknown(let word) = self { return word }
    return Self.known.first { $0.0 == self }?.1 ?? ""
  }

  public init(word: String) {
    self = Self.known.first { $0.1.utf8.elementsEqual(word.utf8) }?.0 ?? .unknown(word)
  }
}
