public import Sodium

/// The Merkle tree hash of RFC 6962, section 2.1: SHA-256, 0x00 before a leaf, 0x01 before two nodes.
///
/// Leaves are data; where a function takes hashes, they are the leaves' `leafHash`.
public enum MerkleTree {
  /// The hash of a leaf's data.
  public static func leafHash(_ data: [UInt8]) -> SHA256Hash {
    hash(prefix: 0x00, data, [])
  }

  /// The hash of a node over its two children.
  public static func nodeHash(_ left: SHA256Hash, _ right: SHA256Hash) -> SHA256Hash {
    hash(prefix: 0x01, left.bytes, right.bytes)
  }

  /// The root over the leaves' data, in order. Of no leaves: the hash of nothing.
  public static func root(of leaves: [[UInt8]]) -> SHA256Hash {
    root(ofLeafHashes: leaves.map(leafHash))
  }

  /// The root over the leaves' hashes, in order.
  public static func root(ofLeafHashes hashes: [SHA256Hash]) -> SHA256Hash {
    hashes.isEmpty ? SHA256Hash(of: [UInt8]()) : root(hashes[...])
  }

  /// The audit path (section 2.1.1) of leaf `index`, lowest node first. `index` must be that of a leaf.
  public static func inclusionProof(of index: Int, in hashes: [SHA256Hash]) -> [SHA256Hash] {
    precondition(hashes.indices.contains(index), "no such leaf")
    var path: [SHA256Hash] = []
    var tree = hashes[...]
    while tree.count > 1 {
      let (left, right) = halves(tree)
      if index < right.startIndex {
        path.append(root(right))
        tree = left
      } else {
        path.append(root(left))
        tree = right
      }
    }
    return path.reversed()
  }

  /// The proof (section 2.1.2) that the tree of the first `size` leaves is a prefix of the whole one.
  /// `size` must be from 0 to the number of leaves; the proof from nothing, and to itself, is empty.
  public static func consistencyProof(from size: Int, in hashes: [SHA256Hash]) -> [SHA256Hash] {
    precondition((0...hashes.count).contains(size), "no such earlier tree")
    if size == 0 { return [] }
    var path: [SHA256Hash] = []
    var tree = hashes[...]
    while size != tree.endIndex {
      let (left, right) = halves(tree)
      if size <= right.startIndex {
        path.append(root(right))
        tree = left
      } else {
        path.append(root(left))
        tree = right
      }
    }
    // Where the earlier tree is a left subtree throughout, the reader has its root already.
    if tree.startIndex != 0 { path.append(root(tree)) }
    return path.reversed()
  }

  private static func root(_ tree: ArraySlice<SHA256Hash>) -> SHA256Hash {
    if tree.count == 1 { return tree[tree.startIndex] }
    let (left, right) = halves(tree)
    return nodeHash(root(left), root(right))
  }

  /// Splits more than one leaf at the largest power of two that is smaller than their number.
  private static func halves(
    _ tree: ArraySlice<SHA256Hash>
  ) -> (ArraySlice<SHA256Hash>, ArraySlice<SHA256Hash>) {
    let power = 1 << (Int.bitWidth - 1 - (tree.count - 1).leadingZeroBitCount)
    let middle = tree.startIndex + power
    return (tree[..<middle], tree[middle...])
  }

  private static func hash(prefix: UInt8, _ first: [UInt8], _ second: [UInt8]) -> SHA256Hash {
    var hasher = SHA256Hasher()
    hasher.update([prefix].span)
    hasher.update(first.span)
    hasher.update(second.span)
    return hasher.finalize()
  }
}
