import Record
import Sodium
import Testing
import Transparency

struct NameTreeTests {
  let names = (0..<40).map { TreeName(TreeName.Folder.allCases[$0 % 3], Sample.hash("\($0)")) }

  func tree(_ count: Int) -> NameTree {
    var tree = NameTree()
    for name in names.prefix(count) where !tree.append(name) { Issue.record("a name twice") }
    return tree
  }

  func root(_ count: Int) -> SHA256Hash {
    MerkleTree.root(of: names.prefix(count).map { Array($0.description.utf8) })
  }

  @Test func namesHaveOneSpelling() {
    for name in names {
      #expect(TreeName(parsing: Array(name.description.utf8)) == name)
      for bad in [
        name.description + " ", " " + name.description, name.description.uppercased(), "x" + name.description,
        String(name.description.dropLast()), name.description + ".age",
        name.description.replacing("/", with: "//"), name.description.replacing("/", with: " "),
      ] { #expect(TreeName(parsing: Array(bad.utf8)) == nil, "\(bad)") }
    }
    #expect(TreeName(parsing: Array("/\(names[0].hash)".utf8)) == nil)
    #expect(TreeName(parsing: Array("public/\(names[0].hash)".utf8)) == nil)
  }

  @Test func theRootIsTheOneOfTheRFC() {
    for count in 0...40 { #expect(tree(count).root == root(count)) }
    var twice = tree(5)
    let added = twice.append(names[3])
    #expect(!added && twice.size == 5 && twice.root == root(5))
  }

  @Test func itGrowsToWhatWasStatedOrNotAtAll() {
    for from in [0, 1, 7, 8, 13] {
      var tree = tree(from)
      let more = Array(names[from..<30])
      var swapped = more
      swapped.swapAt(0, 1)
      let wrong: [([TreeName], Int, SHA256Hash)] = [
        (swapped, 30, root(30)), (Array(more.dropLast()), 30, root(30)), (more, 31, root(30)), (more, 30, root(29)),
        (more + [more[0]], 31, root(31)), (Array(more.dropLast()) + [more[0]], 30, root(30)), ([], from, root(40)),
      ]
      for (names, size, root) in wrong {
        let outcome = tree.extend(by: names, to: (size, root))
        #expect(outcome == .otherTree)
        #expect(tree.size == from && tree.root == self.root(from))
      }
      let past = tree.extend(by: more, to: (30, root(30)), through: [(20, root(21))])
      #expect(past == .otherPast)
      #expect(tree.root == root(from) && !tree.contains(more[0]))
      let outcome = tree.extend(by: more, to: (30, root(30)), through: [(20, root(20)), (35, root(1))])
      #expect(outcome == .done)
      #expect(tree.names == Array(names[..<30]) && tree.contains(names[29]) && tree.root == root(30))
    }
  }

  @Test func whatItBeganWithIsProven() throws {
    let tree = tree(29)
    for count in 0...29 {
      #expect(tree.extends((count, root(count))))
      #expect(!tree.extends((count, root(count + 1))))
    }
    #expect(!tree.extends((30, root(30))) && !tree.extends((-1, root(0))))
    for (index, name) in names.enumerated() {
      let proof = tree.proof(of: name)
      #expect((proof != nil) == (index < 29))
      guard let proof else { continue }
      #expect(proof.index == index)
      #expect(
        MerkleTree.includes(
          leaf: MerkleTree.leafHash(Array(name.description.utf8)), at: index, proof: proof.path, size: 29,
          root: root(29)))
    }
  }

  @Test func filesOfNamesReadBackInPiecesOfAnySize() throws {
    let bytes = TreeNames.encode(names)
    func read(_ bytes: [UInt8], piece: Int = 7, atMost limit: Int = 40) throws(RecordError) -> [TreeName] {
      var parser = TreeNames(atMost: limit)
      for start in stride(from: 0, to: bytes.count, by: piece) {
        try parser.add(bytes.span.extracting(start..<min(start + piece, bytes.count)))
      }
      return try parser.finish()
    }
    for piece in [1, 7, 72, 10_000] { #expect(try read(bytes, piece: piece) == names) }
    let cut = Array(bytes.dropLast())
    for bad in [cut, bytes + [10], bytes + [65], [10] + bytes, Array(bytes[1...])] {
      #expect(throws: RecordError.field("name")) { try read(bad, atMost: 50) }
    }
    #expect(throws: RecordError.field("name")) { try read(bytes, atMost: 39) }
    #expect(try read([]) == [])
  }
}
