import Foundation
import Shares
import Sodium
import Testing

/// The vectors of SLIP-39 (github.com/trezor/python-shamir-mnemonic, vectors.json): shares under the passphrase TREZOR, and
/// the secret that they give, or none.
@Suite struct ShareVectorTests {
  static let expectedCount = 45
  static let vectors = ShareVector.all()

  @Test func allAreThere() {
    guard !Self.vectors.isEmpty else {
      return VectorFile.reportMissing(ShareVector.path, count: Self.expectedCount)
    }
    #expect(Self.vectors.count == Self.expectedCount)
    #expect(Self.vectors.count { $0.secret.isEmpty } == 30)
  }

  @Test(arguments: vectors) func outcome(_ vector: ShareVector) {
    do {
      #expect(try vector.combined() == vector.secret)
      #expect(vector.failure == nil)
    } catch {
      #expect(error as? ShareError == vector.failure)
    }
  }

  @Test(arguments: vectors) func whatParsesPrintsBack(_ vector: ShareVector) {
    for words in vector.shares {
      guard let share = try? Mnemonic.of(words) else { continue }
      #expect(share.words == words)
    }
  }
}

/// One vector.
struct ShareVector: Sendable, CustomTestStringConvertible {
  static let path = "slip39/vectors.json"

  let description: String
  let shares: [String]
  /// In hex; empty where the shares must be refused.
  let secret: String

  var testDescription: String { description }

  static func all() -> [ShareVector] {
    guard let data = VectorFile.read(path),
      let list = try? JSONSerialization.jsonObject(with: data) as? [[Any]]
    else { return [] }
    return list.compactMap { fields in
      guard fields.count == 4, let description = fields[0] as? String, let shares = fields[1] as? [String],
        let secret = fields[2] as? String
      else { return nil }
      return ShareVector(description: description, shares: shares, secret: secret)
    }
  }

  /// The secret that the shares give, in hex.
  func combined() throws -> String {
    let secret = try SecretSharing.combine(shares.map(Mnemonic.of), passphrase: Secret("TREZOR"))
    return Hex.encode(secret.bytes.copy())
  }

  /// Why the shares are refused, by what the description says.
  var failure: ShareError? {
    guard secret.isEmpty else { return nil }
    let kinds: [(String, ShareError)] = [
      ("invalid checksum", .checksum), ("invalid padding", .padding),
      ("Basic sharing 2-of-3", .tooFew(have: 1, need: 2)), ("different identifiers", .otherSet),
      ("different iteration exponents", .otherSet), ("mismatching", .otherSet),
      ("greater group threshold", .groupThreshold), ("duplicate member indices", .sameShareTwice),
      ("invalid digest", .digest), ("Insufficient number of groups", .tooFewGroups(have: 1, need: 2)),
      ("insufficient number of members", .tooFew(have: 1, need: 2)), ("length", .length),
    ]
    return kinds.first { description.contains($0.0) }?.1
  }
}
