import Age
import Platform
import Record
import Sodium

// What may be wrong with a request itself. Its author is counsel, and may be anybody's hand: nothing of it is taken to be
// what it should be before it was looked at.
extension Session {
  /// What is wrong with a request that waits. Throws only where the run is to end.
  func faults(of request: RequestHistory) throws(VaultError) -> [RequestRefusal] {
    var faults: [RequestRefusal] = []
    if request.body.identities.contains(where: { log.roster.policies[$0.policy] == nil }) {
      faults.append(.unknownPolicy)
    }
    do throws(VaultError) { _ = try freshRecipient(of: request) } catch {
      if case .request(_, let fault) = error { faults.append(fault) }
    }
    if request.body.order != nil, let fault = try orderFault(of: request) { faults.append(fault) }
    return faults
  }

  /// The recipient that a request's approvals are sealed to.
  func freshRecipient(of request: RequestHistory) throws(VaultError) -> NativeRecipient {
    guard let fresh = try? NativeRecipient(parsing: request.body.recipient), fresh.kind == kind else {
      throw .request(request.id, .badRecipient)
    }
    return fresh
  }

  /// Reads the order whole, and keeps nothing of it.
  private func orderFault(of request: RequestHistory) throws(VaultError) -> RequestRefusal? {
    do throws(VaultError) {
      try readOrder(of: request) { _ in }
      return nil
    } catch {
      switch error {
      case .interrupted: throw error
      case .missing(let place), .system(_, let place): return .orderNotHere(place)
      default: return .badOrder
      }
    }
  }

  /// Why a member's requests go no further; nil where the member is active.
  func requesterEnded(_ requester: SHA256Hash) -> RequestRefusal? {
    guard let member = log.roster.members[requester], !member.isActive else { return nil }
    return .requesterEnded(member.name, isRemoved: member.isRemoved)
  }
}
