import Sodium
import Testing
import Transparency

@Suite struct MerkleProofTests {
  private let hashes = (UInt8(0)..<33).map { MerkleTree.leafHash([$0]) }
  private let foreign = MerkleTree.leafHash([0xFF])

  @Test func everyLeafOfEveryTreeIsProvedAndNothingElse() {
    for size in 1...33 {
      let tree = Array(hashes[..<size])
      let root = MerkleTree.root(ofLeafHashes: tree)
      for index in 0..<size {
        let proof = MerkleTree.inclusionProof(of: index, in: tree)
        func holds(
          _ leaf: SHA256Hash? = nil, at place: Int? = nil, proof: [SHA256Hash], size: Int, root: SHA256Hash
        ) -> Bool {
          MerkleTree.includes(
            leaf: leaf ?? tree[index], at: place ?? index, proof: proof, size: size, root: root)
        }
        #expect(holds(proof: proof, size: size, root: root))
        #expect(!holds(foreign, proof: proof, size: size, root: root))
        #expect(!holds(proof: proof, size: size, root: foreign))
        #expect(!holds(proof: proof + [foreign], size: size, root: root))
        #expect(!holds(at: -1, proof: proof, size: size, root: root))
        #expect(!holds(at: size, proof: proof, size: size, root: root))
        for other in 0..<size where other != index {
          #expect(!holds(at: other, proof: proof, size: size, root: root))
        }
        for place in proof.indices {
          var changed = proof
          changed[place] = foreign
          #expect(!holds(proof: changed, size: size, root: root))
          changed.remove(at: place)
          #expect(!holds(proof: changed, size: size, root: root))
        }
      }
    }
  }

  @Test func everyTreeExtendsEveryEarlierOneAndNoOther() {
    for size in 1...33 {
      let tree = Array(hashes[..<size])
      let root = MerkleTree.root(ofLeafHashes: tree)
      for earlier in 1...size {
        let earlierRoot = MerkleTree.root(ofLeafHashes: Array(hashes[..<earlier]))
        let proof = MerkleTree.consistencyProof(from: earlier, in: tree)
        func holds(_ earlier: Int, _ earlierRoot: SHA256Hash, _ root: SHA256Hash, _ proof: [SHA256Hash])
          -> Bool
        {
          MerkleTree.extends(
            earlierSize: earlier, earlierRoot: earlierRoot, size: size, root: root, proof: proof)
        }
        #expect(holds(earlier, earlierRoot, root, proof))
        #expect(!holds(earlier, foreign, root, proof))
        #expect(!holds(earlier, earlierRoot, foreign, proof))
        #expect(!holds(earlier, earlierRoot, root, proof + [foreign]))
        for other in 1...size where other != earlier {
          #expect(!holds(other, earlierRoot, root, proof))
        }
        for place in proof.indices {
          var changed = proof
          changed[place] = foreign
          #expect(!holds(earlier, earlierRoot, root, changed))
          changed.remove(at: place)
          #expect(!holds(earlier, earlierRoot, root, changed))
        }
      }
    }
  }

  @Test func numbersThatCannotBeAreJustFalse() {
    let root = MerkleTree.root(ofLeafHashes: hashes)
    let nothing = MerkleTree.root(of: [])
    func extends(_ earlier: Int, _ earlierRoot: SHA256Hash, _ size: Int, _ proof: [SHA256Hash]) -> Bool {
      MerkleTree.extends(
        earlierSize: earlier, earlierRoot: earlierRoot, size: size, root: root, proof: proof)
    }
    #expect(extends(0, nothing, 33, []))
    #expect(!extends(0, root, 33, []))
    #expect(!extends(0, nothing, 33, [foreign]))
    #expect(!extends(-1, nothing, 33, []))
    #expect(!extends(34, root, 33, []))
    #expect(!extends(5, foreign, 33, []))
    #expect(!MerkleTree.includes(leaf: root, at: 0, proof: [], size: 0, root: root))
    #expect(!MerkleTree.includes(leaf: root, at: 0, proof: [], size: -1, root: root))
    #expect(!MerkleTree.includes(leaf: root, at: 0, proof: [], size: .max, root: root))
  }
}
