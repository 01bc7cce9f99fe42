import Foundation
import Shares
import Sodium
import Testing

/// Both ways with the reference implementation, PyPI's `shamir-mnemonic`: $TESTIMONY_INTEROP_COUNT splits each way (100
/// unless told; torture has 1,000), in one run of Python. Where it is missing, that is said.
@Suite struct ShareInteropTests {
  static let count = ProcessInfo.processInfo.environment["TESTIMONY_INTEROP_COUNT"].flatMap { Int($0) } ?? 100
  static let hasPeer = (try? Python.run("import shamir_mnemonic")) != nil

  /// Reads cases, combines the shares in them, and splits their secrets anew.
  static let script = """
    import json, sys
    from shamir_mnemonic import combine_mnemonics, generate_mnemonics
    def answer(case):
        passphrase = case['passphrase'].encode()
        secret = combine_mnemonics(case['shares'], passphrase)
        shares = generate_mnemonics(case['groupThreshold'], [tuple(group) for group in case['groups']],
                                    bytes.fromhex(case['secret']), passphrase, case['isExtendable'], case['exponent'])
        return {'secret': secret.hex(), 'shares': shares}
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
    """

  struct Case: Codable {
    var secret = ShareInteropTests.secret()
    var groupThreshold = 1
    var groups = [ShareInteropTests.group()]
    var passphrase = ""
    var isExtendable = false
    var exponent = 0
    var shares: [String] = []

    /// As the vault makes them in half of the cases, and anything that the standard knows in the others.
    init() {
      guard Bool.random() else { return }
      groups = (0..<Int.random(in: 1...4)).map { _ in ShareInteropTests.group() }
      groupThreshold = Int.random(in: 1...groups.count)
      passphrase = String(
        decoding: (0..<Int.random(in: 0...80)).map { _ in UInt8.random(in: 0x20...0x7E) }, as: UTF8.self)
      isExtendable = .random()
      exponent = Int.random(in: 0...9) == 0 ? 1 : 0
    }

    /// Our shares of the secret, all of them.
    func split() throws -> [[Mnemonic]] {
      try SecretSharing.split(
        Secret(Hex.decode(Array(secret.utf8)) ?? []), groupThreshold: groupThreshold,
        groups: groups.map { (threshold: $0[0], count: $0[1]) }, passphrase: Secret(passphrase),
        iterationExponent: exponent, isExtendable: isExtendable)
    }

    /// As many as are needed and no more, in any order.
    func enough(of shares: [[String]]) -> [String] {
      zip(shares, groups).shuffled().prefix(groupThreshold)
        .flatMap { $0.shuffled().prefix($1[0]) }.shuffled()
    }
  }

  struct Answer: Codable {
    let secret: String
    let shares: [[String]]
  }

  /// A secret in hex: at random, or with zeros or high bytes in front, or of nothing else.
  static func secret() -> String {
    let size = Bool.random() ? 32 : 2 * Int.random(in: 8...32)
    var bytes = Random.bytes(size)
    let front = Bool.random() ? size : Int.random(in: 1...8)
    switch Int.random(in: 0..<4) {
    case 0: bytes.replaceSubrange(0..<front, with: [UInt8](repeating: 0, count: front))
    case 1: bytes.replaceSubrange(0..<front, with: [UInt8](repeating: 0xFF, count: front))
    case 2: bytes[0] |= 0x80
    default: break
    }
    return Hex.encode(bytes)
  }

  /// A threshold and a count.
  static func group() -> [Int] {
    let count = Int.random(in: 1...(Int.random(in: 0...9) == 0 ? 16 : 5))
    return [count == 1 ? 1 : Int.random(in: 2...count), count]
  }

  @Test func bothWays() throws {
    guard Self.hasPeer else {
      return print("!!! SKIPPED: interop with shamir-mnemonic: not installed (TESTIMONY_PYTHON names a venv)")
    }
    var cases = (0..<Self.count).map { _ in Case() }
    for index in cases.indices {
      let shares = try cases[index].split().map { $0.map(\.words) }
      cases[index].shares = cases[index].enough(of: shares)
    }
    let output = try Python.run(Self.script, input: JSONEncoder().encode(cases))
    let answers = try JSONDecoder().decode([Answer].self, from: output)
    #expect(answers.count == Self.count)
    for (number, (one, answer)) in zip(cases, answers).enumerated() {
      #expect(answer.secret == one.secret, "they combine what we split, case \(number)")
      let shares = try one.enough(of: answer.shares).map(Mnemonic.of)
      let secret = try SecretSharing.combine(shares, passphrase: Secret(one.passphrase))
      let hex = Hex.encode(secret.bytes.copy())
      #expect(hex == one.secret, "we combine what they split, case \(number)")
    }
  }
}
