public import Sodium

/// The reader's side of RFC 6962's proofs, by the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
///
/// Sizes and proofs are a peer's word: a negative size, an index past the end, a proof too long or too short, all are
/// just false.
extension MerkleTree {
  /// Whether `leaf` is the leaf `index` of the tree with `size` leaves and this `root`.
  public static func includes(
    leaf: SHA256Hash, at index: Int, proof: [SHA256Hash], size: Int, root: SHA256Hash
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var place = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      if last == 0 { return false }
      if place & 1 == 1 || place == last {
        hash = nodeHash(sibling, hash)
        skipLoneNodes(&place, &last)
      } else {
        hash = nodeHash(hash, sibling)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether the tree with `size` leaves and `root` begins with all leaves of the tree with `earlierSize` leaves and
  /// `earlierRoot`.
  public static func extends(
    earlierSize: Int, earlierRoot: SHA256Hash, size: Int, root: SHA256Hash, proof: [SHA256Hash]
  ) -> Bool {
    guard earlierSize >= 0, earlierSize <= size else { return false }
    if earlierSize == 0 { return proof.isEmpty && earlierRoot == MerkleTree.root(of: []) }
    if earlierSize == size { return proof.isEmpty && earlierRoot == root }
    let isWholeSubtree = earlierSize & (earlierSize - 1) == 0
    guard let first = isWholeSubtree ? earlierRoot : proof.first else { return false }
    var place = earlierSize - 1
    var last = size - 1
    while place & 1 == 1 {
      place >>= 1
      last >>= 1
    }
    var earlier = first
    var whole = first
    for sibling in proof.dropFirst(isWholeSubtree ? 0 : 1) {
      if last == 0 { return false }
      if place & 1 == 1 || place == last {
        earlier = nodeHash(sibling, earlier)
        whole = nodeHash(sibling, whole)
        skipLoneNodes(&place, &last)
      } else {
        whole = nodeHash(whole, sibling)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 && earlier == earlierRoot && whole == root
  }

  /// A last node without a sibling rises unchanged until it is a right child.
  private static func skipLoneNodes(_ place: inout Int, _ last: inout Int) {
    while place & 1 == 0, place != 0 {
      place >>= 1
      last >>= 1
    }
  }
}
