/// The types of entry that this version writes and judges. An unknown type is kept, its signature checked, and listed.
public enum EntryType: Hashable, Sendable {
  case admit, remove, suspend, circle, rotate, handover, succession, quorum, accept
  case replace, drill
  case `case`, seal, amend, relock, reseal, open, assess, propose
  case grant, publish, adopt
  case request, approve, deny, cancel
  case kit, kitRevoke, worker, note, intake
  case unknown(String)

  static let known: [EntryType] = [
    .admit, .remove, .suspend, .circle, .rotate, .handover, .succession, .quorum, .accept, .replace, .drill, .case,
    .seal, .amend, .relock, .reseal, .open, .assess, .propose, .grant, .publish, .adopt, .request, .approve, .deny,
    .cancel, .kit, .kitRevoke, .worker, .note, .intake,
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
    case .quorum: "quorum"
    case .accept: "accept"
    case .replace: "replace"
    case .drill: "drill"
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
    case .request: "request"
    case .approve: "approve"
    case .deny: "deny"
    case .cancel: "cancel"
    case .kit: "kit"
    case .kitRevoke: "kit-revoke"
    case .worker: "worker"
    case .note: "note"
    case .intake: "intake"
    case .unknown(let word): word
    }
  }

  public init(word: String) {
    self = Self.known.first { $0.word.utf8.elementsEqual(word.utf8) } ?? .unknown(word)
  }

  /// Whether it says who belongs to the vault, with which keys, and who holds its identities.
  public var makesRoster: Bool {
    switch self {
    case .admit, .remove, .suspend, .circle, .rotate, .handover, .succession, .quorum, .accept: true
    default: false
    }
  }
}
