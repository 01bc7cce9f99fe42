/// What a member may be (DESIGN §6). The founder is counsel whose key the vault's name commits to.
public enum Role: String, Sendable, CaseIterable, Hashable {
  case counsel, reviewer, custodian

  /// The circles whose keys come with the role. Counsel hold the keys of all circles, so each entry is sealed to one.
  public var circles: [String] {
    switch self {
    case .counsel: CircleName.founding
    case .reviewer: [CircleName.members, CircleName.reviewers]
    case .custodian: [CircleName.members, CircleName.custodians]
    }
  }
}

/// The circles that every vault is founded with.
public enum CircleName {
  public static let members = "members"
  public static let reviewers = "reviewers"
  public static let custodians = "custodians"
  public static let counsel = "counsel"

  public static let founding = [members, reviewers, custodians, counsel]
}
