import Platform
import Record
import Shares
import TestimonyVault

// The sentences for who opens identities, and for shares.
extension Complaint {
  init(_ refusal: QuorumRefusal) {
    switch refusal {
    case .none:
      self.init(
        "there is no quorum yet: nothing is sealed before it is settled who opens identities",
        hint:
          "the founder: \(Program.name) quorum set 3 of A B C D E (each accepts), or alone: \(Program.name) quorum set 1 of NAME --alone",
        exit: .refused)
    case .contested(let count):
      self.init(
        "\(count) quorums stand beside each other, and none of them holds: nothing is sealed",
        hint: "the custodians settle it: \(Program.name) quorum show, then quorum accept POLICY", exit: .fork)
    case .wentBack:
      self.init(
        "the quorum that this device last saw in force is not the one here, nor before it: nothing is sealed",
        hint: "ask the others by another way first; if that is right: \(Program.name) accept-loss", exit: .fork)
    case .tooFew(let have, let need, let left):
      self.init(
        "only \(have) of the \(need) custodians that an identity takes are left (\(left.joined(separator: ", ")) left): nothing is sealed",
        hint:
          "the founder takes somebody who is suspended in again (member admit), or a restored key; else: \(Program.name) quorum set T of NAME…",
        exit: .refused)
    case .unconfirmed(let names):
      self.init(
        "this device has not confirmed the custodians \(names.joined(separator: ", "))",
        hint: "have each read out the words of their own machine: \(Program.name) quorum confirm NAME WORD…",
        exit: .refused)
    case .notACustodian(let name):
      self.init(
        "\(name) is not a custodian", hint: "\(Program.name) member admit FILE --role custodian", exit: .refused)
    case .onePerson(let one, let other):
      self.init(
        "\(one) and \(other) are one person: a person holds one share, however many devices they have", exit: .refused)
    case .numbers(let threshold, let count):
      self.init(
        "\(threshold) of \(count) is no quorum: two or more of at most 16 different custodians, and no more than there are",
        exit: .usage)
    case .nothingToAccept:
      self.init("no policy waits for your word", hint: "\(Program.name) quorum show", exit: .refused)
    case .noSuchPolicy(let text):
      self.init(
        "there is no policy \(PathBytes(text)) that waits for your word", hint: "\(Program.name) quorum show",
        exit: .notHere)
    case .otherWords(let name):
      self.init(
        "these are not the check words of the card of \(PathBytes(name)) in this vault",
        hint: "if they were read out from \(PathBytes(name))'s own machine, the card here is another one: seal nothing",
        exit: .refused)
    case .nothingToHandOn(let name):
      self.init(
        "you hold no share that \(PathBytes(name)) could be given: a person holds one share of a quorum", exit: .refused
      )
    case .lacks(let old, let new):
      self.init(
        "the quorum in force does not have \(PathBytes(new)) in the place of \(PathBytes(old))",
        hint: "the founder first: \(Program.name) quorum set T of NAME… (each accepts), then this again", exit: .refused
      )
    case .alone(let name, let record):
      self.init(
        "the identity of \(record.shown()) is \(name)'s alone: only \(name) can split its key",
        hint: "\(name): \(Program.name) relock --quorum \(record.shown())", exit: .refused)
    }
  }

  /// Never what is in a share.
  static func reason(_ error: ShareError) -> String {
    switch error {
    case .word(let place): "word \(place) is not in the list"
    case .length: "it has too few words, or too many"
    case .checksum: "a word is wrong"
    case .padding, .groupThreshold: "it is no share"
    case .otherSet: "the shares are of different sets"
    case .sameShareTwice: "one share is there twice"
    case .tooFew(let have, let need): "\(have) of \(need)"
    case .tooMany(let have, let need): "\(have) where \(need) are wanted"
    case .tooFewGroups(let have, let need): "shares of \(have) of \(need) groups"
    case .tooManyGroups(let have, let need): "shares of \(have) groups where \(need) are wanted"
    case .digest: "one of the shares is false"
    case .secretSize, .numbers, .passphrase: "the standard has none such"
    }
  }
}
