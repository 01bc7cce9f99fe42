public import Record
import Shares
import Sodium

// Whoever seals confirms each custodian once, by the words that the custodian reads out: a founder could otherwise put
// false custodians of his own making in their place (PROTOCOL, quorum).
extension Session {
  /// Those who would get a share of what is sealed now and whose words this device's owner has not compared yet; oneself
  /// is known.
  public var unconfirmedCustodians: [Roster.Member] {
    ((try? activeQuorum())?.holders ?? []).map(\.member).filter { !isConfirmed($0) }
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
      throw .quorum(.otherWords(name))
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
    guard unconfirmed.isEmpty else { throw .quorum(.unconfirmed(unconfirmed.map(\.name))) }
    return quorum
  }

  /// Whether the policy that this device last saw in force still is, or is on the way to the one that is.
  public var policyStands: Bool { seen.policy.map { log.roster.policyPath.contains($0) } ?? true }

  /// How many custodians are left, and how many an identity takes, where somebody's leaving makes them too few.
  public func quorumWithout(_ member: Roster.Member) -> (left: Int, need: Int)? {
    guard let quorum = try? activeQuorum() else { return nil }
    let left = quorum.holders.filter { $0.member.key != member.key }.count
    let need = quorum.policy.body.threshold
    return left < need ? (left, need) : nil
  }

  /// The policy in force with the custodians who are left, confirmed or not.
  public func activeQuorum() throws(VaultError) -> SealingQuorum {
    let roster = log.roster
    guard roster.contestedPolicies.isEmpty else { throw .quorum(.contested(roster.contestedPolicies.count)) }
    guard policyStands else { throw .quorum(.wentBack) }
    guard let policy = roster.policy else { throw .quorum(.none) }
    var holders: [SealingQuorum.Holder] = []
    var left: [String] = []
    for (place, key) in policy.body.custodians.enumerated() {
      guard let member = roster.members[key] else { continue }
      // Whoever had their key restored from paper opens with it what was sealed to the lost one.
      if let holder = ([member] + roster.restored(key)).first(where: \.isActive) {
        holders.append(SealingQuorum.Holder(number: place + 1, member: holder))
      } else {
        left.append(member.name)
      }
    }
    guard holders.count >= policy.body.threshold else {
      throw .quorum(.tooFew(holders.count, need: policy.body.threshold, left: left))
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
