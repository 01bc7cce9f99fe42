/// The types of entry that this version writes and judges. An unknown type is kept, its signature checked, and listed.
public enum EntryType: Hashable, Sendable {
  case admit, remove, suspend, circle, rotate, handover, succession
  case `case`, seal, amend, relock, reseal, open, assess, propose
  case grant, publish, adopt
  case unknown(String)

  static let known: [EntryType] = [
    .admit, .remove, .suspend, .circle, .rotate, .handover, .succession, .case, .seal, .amend, .relock, .reseal, .open,
    .assess, .propose, .grant, .publish, .adopt,
  ]

  public var word: String {
    switch self {
    case .admit: "admit"
    case .remove: "remove"
    case .suspend: "suspend"
    case .circle: "circle"
    case .rotate: "rotate"
    case .handover: "handover"
    case .succession: "succession"
    case .case: "case"
    case .seal: "seal"
    case .amend: "amend"
    case .relock: "relock"
    case .reseal: "reseal"
    case .open: "open"
    case .assess: "assess"
    case .propose: "propose"
    case .grant: "grant"
    case .publish: "publish"
    case .adopt: "adopt"
    case .unknown(let word): word
    }
  }

  public init(word: String) {
    self = Self.known.first { $0.word.utf8.elementsEqual(word.utf8) } ?? .unknown(word)
  }

  /// Whether it says who belongs to the vault, with which keys.
  public var makesRoster: Bool {
    switch self {
    case .admit, .remove, .suspend, .circle, .rotate, .handover, .succession: true
    default: false
    }
  }
}
