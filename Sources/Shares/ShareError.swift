/// Why shares were not made, read or combined. Never what is in them.
public enum ShareError: Error, Equatable, Sendable {
  // A share that is read.
  /// The word at `place`, counted from 1, is not in the list.
  case word(place: Int)
  /// No share has so many words: the least is 20, and a share holds an even number of bytes.
  case length
  /// The checksum over the words does not fit: one or more of them are wrong.
  case checksum
  /// The bits that fill up the first word of the value are not zero.
  case padding
  /// The share asks for more groups than it says there are.
  case groupThreshold

  // Shares that are combined.
  /// Not all shares are of one set.
  case otherSet
  /// Two shares have the same place in the set.
  case sameShareTwice
  /// There are `have` shares of a group that needs `need`.
  case tooFew(have: Int, need: Int)
  /// There are `have` shares of a group that needs `need`, exactly.
  case tooMany(have: Int, need: Int)
  /// There are shares of `have` groups of a set that needs `need` groups.
  case tooFewGroups(have: Int, need: Int)
  /// There are shares of `have` groups of a set that needs `need` groups, exactly.
  case tooManyGroups(have: Int, need: Int)
  /// The shares are well formed and do not fit together: one or more of them are false.
  case digest

  // A secret that is split.
  /// The secret is shorter than 16 bytes, or an odd number of them.
  case secretSize
  /// The numbers of shares, groups and thresholds, or the iteration exponent, are not such as the standard knows.
  case numbers
  /// The passphrase is not printable ASCII.
  case passphrase
}
