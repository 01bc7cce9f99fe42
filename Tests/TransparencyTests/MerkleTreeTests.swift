import Sodium
import Testing
import Transparency

/// The definition of RFC 6962, section 2.1, word for word, to compare with.
private func naiveRoot(_ leaves: [[UInt8]]) -> SHA256Hash {
  if leaves.isEmpty { return SHA256Hash(of: [UInt8]()) }
  if leaves.count == 1 { return SHA256Hash(of: [0] + leaves[0]) }
  var k = 1
  while k * 2 < leaves.count { k *= 2 }
  return SHA256Hash(of: [1] + naiveRoot(Array(leaves[..<k])).bytes + naiveRoot(Array(leaves[k...])).bytes)
}

private func naivePath(_ m: Int, _ leaves: [[UInt8]]) -> [SHA256Hash] {
  if leaves.count == 1 { return [] }
  var k = 1
  while k * 2 < leaves.count { k *= 2 }
  return m < k
    ? naivePath(m, Array(leaves[..<k])) + [naiveRoot(Array(leaves[k...]))]
    : naivePath(m - k, Array(leaves[k...])) + [naiveRoot(Array(leaves[..<k]))]
}

private func naiveProof(_ m: Int, _ leaves: [[UInt8]], _ b: Bool) -> [SHA256Hash] {
  if m == leaves.count { return b ? [] : [naiveRoot(leaves)] }
  var k = 1
  while k * 2 < leaves.count { k *= 2 }
  return m <= k
    ? naiveProof(m, Array(leaves[..<k]), b) + [naiveRoot(Array(leaves[k...]))]
    : naiveProof(m - k, Array(leaves[k...]), false) + [naiveRoot(Array(leaves[..<k]))]
}

/// The eight leaves and roots of certificate-transparency's own tests.
private let knownLeaves = [
  "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
].compactMap { Hex.decode(Array($0.utf8)) }

private let knownRoots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

@Suite struct MerkleTreeTests {
  @Test func knownRootsOfCertificateTransparency() {
    #expect(knownLeaves.count == 8)
    for count in 1...8 {
      #expect(MerkleTree.root(of: Array(knownLeaves[..<count])).description == knownRoots[count - 1])
    }
    #expect(
      MerkleTree.root(of: []).description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func rootsAndProofsAreThoseOfTheDefinition() {
    let leaves = (0..<67).map { number in [UInt8](repeating: UInt8(number), count: number % 5) }
    for count in 0...67 {
      let tree = Array(leaves[..<count])
      let hashes = tree.map(MerkleTree.leafHash)
      #expect(MerkleTree.root(of: tree) == naiveRoot(tree))
      for index in stride(from: 0, to: count, by: 1 + count / 9) {
        #expect(MerkleTree.inclusionProof(of: index, in: hashes) == naivePath(index, tree))
      }
      for size in stride(from: 1, through: count, by: 1 + count / 9) {
        #expect(MerkleTree.consistencyProof(from: size, in: hashes) == naiveProof(size, tree, true))
      }
    }
  }
}
