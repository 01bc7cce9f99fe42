/// The three layers of a record, from the most to the least widely read (DESIGN §2).
public enum Layer: String, Sendable, CaseIterable, Hashable {
  case summary, testimony, identity
}
