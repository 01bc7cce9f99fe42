import Foundation
import Sodium
import Testing
import Transparency

/// Against an implementation of RFC 6962 and of C2SP's notes in another language, by other algorithms
/// (`independent.py`): what each side makes, the other believes, and what was altered neither does.
@Suite(.serialized) struct IndependentTests {
  /// One statement that can be checked from itself alone.
  struct Claim: Codable {
    var kind: String
    var leaves: [String]?
    var leaf: String?
    var index: Int?
    var from: Int?
    var fromRoot: String?
    var size: Int?
    var root: String
    var proof: [String]?
    var note: String?
    var name: String?
    var key: String?
    var extensions: [String]?
    /// What it must be found to be.
    var verdict: Bool?
  }

  static let seed: UInt64 = 20_261_124
  static let trees = 80

  /// What the program says of a claim.
  static func verdict(_ claim: Claim) throws -> Bool {
    let root = try hash(claim.root)
    let proof = try (claim.proof ?? []).map(hash)
    switch claim.kind {
    case "root": return MerkleTree.root(of: try (claim.leaves ?? []).map(bytes)) == root
    case "inclusion":
      return MerkleTree.includes(
        leaf: MerkleTree.leafHash(try bytes(#require(claim.leaf))), at: try #require(claim.index), proof: proof,
        size: try #require(claim.size), root: root)
    case "consistency":
      return MerkleTree.extends(
        earlierSize: try #require(claim.from), earlierRoot: try hash(#require(claim.fromRoot)),
        size: try #require(claim.size), root: root, proof: proof)
    default:
      let keyBytes = try bytes(#require(claim.key))
      let key = try #require(VerifyingKey(bytes: keyBytes))
      let note = try bytes(#require(claim.note))
      let name = try #require(claim.name)
      guard let verifier = try? NoteVerifier(name: name, key: key),
        let read = try? SignedNote(parsing: note.span).checkpoint(by: verifier).checkpoint
      else { return false }
      return read.size == claim.size && read.root == root && read.extensions == claim.extensions
    }
  }

  @Test func whatItMakesWeBelieveAndWhatItAlteredWeRefuse() throws {
    let output = try #require(try Self.python(["make", String(Self.seed), String(Self.trees)], input: Data()))
    let claims = try JSONDecoder().decode([Claim].self, from: output)
    var counts: [String: Int] = [:]
    for claim in claims {
      let ours: Bool? = try Self.verdict(claim)
      #expect(ours == claim.verdict, "\(claim)")
      counts["\(claim.kind) \(claim.verdict ?? false)", default: 0] += 1
    }
    for verdict in [true, false] {
      #expect(counts["root \(verdict)"] == Self.trees)
      #expect(counts["inclusion \(verdict)"] == 4 * (Self.trees - 1))
      #expect(counts["consistency \(verdict)"] == 4 * (Self.trees - 1))
      if Self.hasEd25519 { #expect(counts["checkpoint \(verdict)"] == Self.trees) }
    }
  }

  @Test func whatWeMakeItBelievesAndWhatWasAlteredItRefuses() throws {
    var random = SplitMix(state: Self.seed)
    var claims: [Claim] = []
    for number in 0..<Self.trees {
      for claim in try Self.claims(size: number < 18 ? number : Int.random(in: 1...300, using: &random), &random) {
        claims.append(claim)
        claims.append(Self.altered(claim, &random))
        if claim.kind == "inclusion" || claim.kind == "consistency" { claims.append(Self.moved(claim, &random)) }
      }
    }
    let input = try JSONEncoder().encode(claims)
    let output = try #require(try Self.python(["check"], input: input))
    let verdicts = try JSONDecoder().decode([Bool?].self, from: output)
    #expect(verdicts.count == claims.count && claims.count == 4 * Self.trees + 24 * (Self.trees - 1))
    for (claim, verdict) in zip(claims, verdicts) {
      // Moved: another index or size, which a proof may fit too. Both must say the same.
      let ours: Bool? = try Self.verdict(claim)
      if claim.verdict != nil { #expect(ours == claim.verdict, "\(claim)") }
      if verdict == nil, claim.kind == "checkpoint", !Self.hasEd25519 { continue }
      #expect(ours == verdict, "\(claim)")
    }
  }

  static func claims(size: Int, _ random: inout SplitMix) throws -> [Claim] {
    let leaves = (0..<size).map { _ in random.bytes(Int.random(in: 0...80, using: &random)) }
    let hashes = leaves.map(MerkleTree.leafHash)
    let root = MerkleTree.root(ofLeafHashes: hashes)
    var claims = [Claim(kind: "root", leaves: leaves.map(Hex.encode), root: root.description, verdict: true)]
    for _ in 0..<(size > 0 ? 4 : 0) {
      let index = Int.random(in: 0..<size, using: &random)
      let path = MerkleTree.inclusionProof(of: index, in: hashes)
      claims.append(
        Claim(
          kind: "inclusion", leaf: Hex.encode(leaves[index]), index: index, size: size, root: root.description,
          proof: path.map(\.description), verdict: true))
      let from = Int.random(in: 1...size, using: &random)
      let proof = MerkleTree.consistencyProof(from: from, in: hashes)
      claims.append(
        Claim(
          kind: "consistency", from: from, fromRoot: MerkleTree.root(ofLeafHashes: Array(hashes[..<from])).description,
          size: size, root: root.description, proof: proof.map(\.description), verdict: true))
    }
    let key = SigningKey(seed: Secret(copying: random.bytes(32).span))
    let name = "example.org/лог-\(size)"
    let extensions = (0..<Int.random(in: 0...2, using: &random)).map { "extension \($0)" }
    let checkpoint = try Checkpoint(origin: name, size: size, root: root, extensions: extensions)
    claims.append(
      Claim(
        kind: "checkpoint", size: size, root: root.description,
        note: Hex.encode(try checkpoint.signed(as: name, with: key).encoded), name: name,
        key: Hex.encode(key.verifyingKey.bytes), extensions: extensions, verdict: true))
    return claims
  }

  /// One hash or the note altered, cut or grown.
  static func altered(_ claim: Claim, _ random: inout SplitMix) -> Claim {
    var other = claim
    other.verdict = false
    if let note = claim.note {
      let ways = [flipped(note, &random), String(note.dropLast(2)), note + "780a", "0a" + note]
      other.note = ways[Int.random(in: 0..<4, using: &random)]
    } else if var proof = claim.proof, !proof.isEmpty, Bool.random(using: &random) {
      let place = proof.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<3, using: &random) {
      case 0: proof[place] = flipped(proof[place], &random)
      case 1: proof.remove(at: place)
      default: proof.insert(Hex.encode(random.bytes(32)), at: place)
      }
      other.proof = proof
    } else {
      other.root = flipped(claim.root, &random)
    }
    return other
  }

  /// Another place or size for the same hashes.
  static func moved(_ claim: Claim, _ random: inout SplitMix) -> Claim {
    var other = claim
    other.verdict = nil
    let step = [-2, -1, 1, 2].randomElement(using: &random) ?? 1
    switch (Bool.random(using: &random), claim.kind) {
    case (true, "inclusion"): other.index = claim.index.map { $0 + step }
    case (true, _): other.from = claim.from.map { $0 + step }
    default: other.size = claim.size.map { $0 + step }
    }
    return other
  }

  private static func flipped(_ hex: String, _ random: inout SplitMix) -> String {
    guard var bytes = Hex.decode(Array(hex.utf8)), !bytes.isEmpty else { return hex + "00" }
    bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    return Hex.encode(bytes)
  }

  private static func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(Array(hex.utf8))) }
  private static func hash(_ hex: String) throws -> SHA256Hash { try #require(SHA256Hash(hex: hex)) }

  static let hasEd25519: Bool = {
    let probe = ["-c", "from cryptography.hazmat.primitives.asymmetric import ed25519"]
    let isThere = ((try? run([pythonPath] + probe, input: Data())) ?? nil) != nil
    if !isThere { print("!!! SKIPPED: checkpoints against Python's Ed25519: 'cryptography' is not installed") }
    return isThere
  }()

  /// The one that `Scripts/setup` prepares, where there is one.
  static let pythonPath: String = {
    if let folder = ProcessInfo.processInfo.environment["TESTIMONY_PYTHON"] { return "\(folder)/bin/python3" }
    let prepared = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: ".build/python/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: prepared) ? prepared : "python3"
  }()

  static func python(_ arguments: [String], input: Data) throws -> Data? {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "independent.py").path
    return try run([pythonPath, script] + arguments, input: input)
  }

  /// What a program printed; nil where it failed.
  private static func run(_ command: [String], input: Data) throws -> Data? {
    let given = FileManager.default.temporaryDirectory.appending(path: "claims-\(UUID().uuidString)")
    try input.write(to: given)
    defer { try? FileManager.default.removeItem(at: given) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = try FileHandle(forReadingFrom: given)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
  }

  /// The same numbers in every run (SplitMix64).
  struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      for _ in 0..<count { bytes.append(UInt8.random(in: 0...255, using: &self)) }
      return bytes
    }
  }
}
