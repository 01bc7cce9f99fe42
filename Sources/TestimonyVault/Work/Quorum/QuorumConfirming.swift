public import Record
import Shares
import Sodium

// Whoever seals confirms each custodian once, by the words that the custodian reads out: a founder could otherwise put
// false custodians of his own making in their place (PROTOCOL, quorum).
extension Session {
  /// The custodians of the policy in force whose words this device's owner has not compared yet; oneself is known.
  public var unconfirmedCustodians: [Roster.Member] {
    (log.roster.policy?.body.custodians ?? []).compactMap { log.roster.members[$0] }.filter { member in
      member.isActive && member.key != key.hash && !seen.confirmed.contains(member.key)
    }
  }

  public func isConfirmed(_ member: Roster.Member) -> Bool {
    member.key == key.hash || seen.confirmed.contains(member.key)
  }

  /// Remembers that a custodian's words were compared. Throws where they are not the words of that member's card.
  public func confirm(custodian name: String, words: [String]) throws(VaultError) -> Roster.Member {
    guard let member = log.roster.member(named: name), member.isActive else { throw .noSuchMember(name) }
    let own = CheckWords.of(member.admission.card.hash)
    let typed = words.flatMap { $0.split(whereSeparator: \.isWhitespace) }.map { $0.lowercased() }
    guard typed.count == own.count, zip(typed, own).allSatisfy({ $0.utf8.elementsEqual($1.utf8) }) else {
      throw .wordsOfAnother(name)
    }
    if isConfirmed(member) { return member }
    let turn = try DeviceTurn(key.name, in: keys)
    defer { _ = turn }
    var memory = try recalled()
    memory.confirmed.append(member.key)
    try remember(memory)
    seen = memory
    return member
  }

  /// The policy that identities are sealed under now, and who gets a share. Throws where there is none that counts, where
  /// too few custodians are left, or where this device's owner has not confirmed them.
  @discardableResult
  public func sealingQuorum() throws(VaultError) -> SealingQuorum {
    let quorum = try activeQuorum()
    let unconfirmed = unconfirmedCustodians
    guard unconfirmed.isEmpty else { throw .unconfirmedCustodians(unconfirmed.map(\.name)) }
    return quorum
  }

  /// The policy in force with the custodians who are left, confirmed or not.
  public func activeQuorum() throws(VaultError) -> SealingQuorum {
    guard let policy = log.roster.policy else { throw .noQuorum }
    var holders: [SealingQuorum.Holder] = []
    var left: [String] = []
    for (place, key) in policy.body.custodians.enumerated() {
      guard let member = log.roster.members[key] else { continue }
      if member.isActive {
        holders.append(SealingQuorum.Holder(number: place + 1, member: member))
      } else {
        left.append(member.name)
      }
    }
    guard holders.count >= policy.body.threshold else {
      throw .tooFewCustodians(holders.count, need: policy.body.threshold, left: left)
    }
    return SealingQuorum(policy: policy, holders: holders, left: left)
  }
}

/// Who gets a share of what is sealed now.
public struct SealingQuorum: Sendable {
  public struct Holder: Sendable {
    /// The share's number, from 1.
    public let number: Int
    public let member: Roster.Member
  }

  public let policy: Policy
  public let holders: [Holder]
  /// The names of custodians who were suspended or removed, and get none.
  public let left: [String]
}
