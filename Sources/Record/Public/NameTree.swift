public import Sodium
import Transparency

/// The RFC 6962 tree over the names of all sealed files, in the order in which checkpoints met them. A leaf is the UTF-8
/// of `log/<64 hex>`; a name stands in it once.
public struct NameTree: Sendable {
  /// The leaves, in order.
  public private(set) var names: [TreeName] = []
  private var leaves: [SHA256Hash] = []
  private var known: Set<TreeName> = []
  /// The roots of the whole subtrees that the tree consists of, the largest first: one for each bit of its size.
  private var peaks: [SHA256Hash] = []

  public init() {}

  public var size: Int { names.count }

  public var root: SHA256Hash {
    guard var root = peaks.last else { return KeysNote.emptyRoot }
    for peak in peaks.dropLast().reversed() { root = MerkleTree.nodeHash(peak, root) }
    return root
  }

  public func contains(_ name: TreeName) -> Bool { known.contains(name) }

  /// Adds a name; false where it stands in the tree already.
  public mutating func append(_ name: TreeName) -> Bool {
    guard known.insert(name).inserted else { return false }
    var hash = MerkleTree.leafHash(Array(name.description.utf8))
    leaves.append(hash)
    // As a binary counter: a one that is carried is a subtree that is whole.
    var carried = names.count
    while carried & 1 == 1, let left = peaks.popLast() {
      hash = MerkleTree.nodeHash(left, hash)
      carried >>= 1
    }
    peaks.append(hash)
    names.append(name)
    return true
  }

  /// How `extend` ended.
  public enum Extension: Equatable, Sendable {
    case done
    /// The names do not make the tree of that size and root: they are not the ones that belong there.
    case otherTree
    /// They do, and the tree does not begin with one that is known from elsewhere.
    case otherPast
  }

  /// A tree that is known by its size and root.
  public typealias Pin = (size: Int, root: SHA256Hash)

  /// Adds all names, if that makes the tree `goal`, and if it passes through each of `pins` that it reaches. Else it is
  /// left as it was.
  public mutating func extend(by added: [TreeName], to goal: Pin, through pins: [Pin] = []) -> Extension {
    let (before, peaksBefore) = (size, peaks)
    var passes = true
    var isGood = before + added.count == goal.size
    for name in added where isGood {
      isGood = append(name)
      for pin in pins where pin.size == size && pin.root != root { passes = false }
    }
    if isGood, root == goal.root, passes { return .done }
    let isTree = isGood && root == goal.root
    for name in names[before...] { known.remove(name) }
    names.removeSubrange(before...)
    leaves.removeSubrange(before...)
    peaks = peaksBefore
    return isTree ? .otherPast : .otherTree
  }

  /// Whether this tree begins with the one of that size and root, by an RFC 6962 consistency proof that is made here and
  /// verified by the reader's algorithm.
  public func extends(_ earlier: Pin) -> Bool {
    guard 0...size ~= earlier.size else { return false }
    let proof = MerkleTree.consistencyProof(from: earlier.size, in: leaves)
    return MerkleTree.extends(
      earlierSize: earlier.size, earlierRoot: earlier.root, size: size, root: MerkleTree.root(ofLeafHashes: leaves),
      proof: proof)
  }

  /// The audit path of a name, lowest node first, and its place; nil where it does not stand in the tree.
  public func proof(of name: TreeName) -> (index: Int, path: [SHA256Hash])? {
    guard known.contains(name), let index = names.firstIndex(of: name) else { return nil }
    return (index, MerkleTree.inclusionProof(of: index, in: leaves))
  }
}
