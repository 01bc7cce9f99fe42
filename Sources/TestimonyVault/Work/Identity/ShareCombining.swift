import Age
import Record
import Shares
import Sodium

/// An identity's key from the shares of a quorum: of one set, any that make the key whose recipient was named.
struct ShareCombining {
  let kind: KeyKind
  let threshold: Int
  /// The hash of the recipient that the request and the manifest name.
  let recipient: SHA256Hash
  let version: Int
  let name: (SHA256Hash) -> String

  enum Outcome {
    case key(NativeIdentity, [Accusation])
    /// Fewer good shares than it needs.
    case short(have: Int, [Accusation])
    /// Enough that the sealer signed, and they do not make the key.
    case wrong([Accusation])
  }

  /// Shares that were signed in one go: their notes list the same shares.
  private struct Lot: Hashable {
    let author: SHA256Hash
    let salt: [UInt8]
    let hashes: [SHA256Hash]
  }

  func combine(_ shares: [ApprovalReading.Share]) -> Outcome {
    let lots = Dictionary(grouping: shares) { one in
      Lot(author: one.note.claims.author, salt: one.note.claims.salt, hashes: one.note.claims.hashes)
    }
    var accused = liars(among: Array(lots.keys))
    var most = 0
    var isFalse = false
    for (lot, several) in lots.sorted(by: { ($1.value.count, $0.key.author) < ($0.value.count, $1.key.author) }) {
      let usable = several.filter { $0.mnemonic != nil }
      most = max(most, usable.count)
      guard usable.count >= threshold else { continue }
      let (key, tried) = firstKey(of: usable.compactMap(\.mnemonic))
      if tried > 0 { accuse(lot.author, .otherKey, &accused) }
      if let key { return .key(key, accused) }
      isFalse = true
    }
    return isFalse ? .wrong(accused) : .short(have: most, accused)
  }

  /// Whoever signed two lists for one set.
  private func liars(among lots: [Lot]) -> [Accusation] {
    let authors = lots.map(\.author)
    return Set(authors.filter { one in authors.filter { $0 == one }.count > 1 }).map {
      Accusation(.sealer, name($0), version: version, .twoLists)
    }
  }

  private func accuse(_ author: SHA256Hash, _ wrong: Accusation.Wrong, _ accused: inout [Accusation]) {
    let accusation = Accusation(.sealer, name(author), version: version, wrong)
    if !accused.contains(accusation) { accused.append(accusation) }
  }

  /// The key of the first `threshold` shares that make it, and how many choices of them did not.
  private func firstKey(of shares: [Mnemonic]) -> (key: NativeIdentity?, tried: Int) {
    var chosen = Array(0..<threshold)
    var tried = 0
    while true {
      if let key = key(of: chosen.map { shares[$0] }) { return (key, tried) }
      tried += 1
      // The next choice in order: the last place that can still move does.
      guard let place = chosen.indices.last(where: { chosen[$0] < shares.count - threshold + $0 }) else {
        return (nil, tried)
      }
      chosen[place] += 1
      for later in (place + 1)..<max(place + 1, threshold) { chosen[later] = chosen[later - 1] + 1 }
    }
  }

  private func key(of shares: [Mnemonic]) -> NativeIdentity? {
    guard let secret = try? SecretSharing.combine(shares), secret.count == NativeIdentity.secretSize else { return nil }
    let identity = NativeIdentity(kind: kind, secretBytes: secret)
    return KeyHash.ofRecipient(identity.recipient.text) == recipient ? identity : nil
  }
}
