import Foundation
import Sodium
import Testing

@testable import Age

/// The CCTV vectors (c2sp.org/CCTV/age): every file has the class of outcome it says, and the plaintext given out
/// before a failure is the one it says.
@Suite struct AgeVectorTests {
  static let expectedCount = 143
  static let files = VectorFolder.files("age")

  @Test func allAreThere() {
    guard VectorFolder.exists("age") else {
      return VectorFolder.reportMissing("age", count: Self.expectedCount)
    }
    #expect(Self.files.count == Self.expectedCount)
  }

  @Test(arguments: files) func outcome(_ file: String) throws {
    let vector = try AgeVector(VectorFolder.read("age", file))
    #expect(vector.outcomeInOneGo() == vector.expected)
    guard !vector.isArmored || vector.expected != "armor failure" else { return }
    let (outcome, plaintext) = vector.outcomeStreamed()
    #expect(outcome == vector.expected)
    if let payload = vector.payload { #expect(SHA256Hash(of: plaintext).description == payload) }
  }
}

/// One vector: its headers and the file behind them.
struct AgeVector {
  var expected = ""
  var payload: String?
  var identities: [any Identity] = []
  var isArmored = false
  var file: [UInt8]

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    var isCompressed = false
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      switch parts[0] {
      case "expect": expected = parts[1]
      case "payload": payload = parts[1]
      case "identity":
        identities.append(try NativeIdentity(parsing: Secret(copying: Array(parts[1].utf8).span)))
      case "passphrase":
        identities.append(ScryptIdentity(passphrase: Secret(copying: Array(parts[1].utf8).span)))
      case "armored": isArmored = parts[1] == "yes"
      case "compressed": isCompressed = parts[1] == "zlib"
      default: break
      }
    }
    file = Array(rest.dropFirst())
    if isCompressed {
      file = try Tool.python(
        "import sys,zlib; sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))", input: file)
    }
  }

  private func binary() throws(AgeError) -> [UInt8] { isArmored ? try Armor.decode(file.span) : file }

  func outcomeInOneGo() -> String {
    do {
      let binary = try binary()
      let plaintext = try AgeFile.open(binary.span, with: identities)
      return payload == SHA256Hash(of: plaintext.bytes).description ? "success" : "wrong plaintext"
    } catch { return error.outcome?.rawValue ?? "\(error)" }
  }

  func outcomeStreamed() -> (String, [UInt8]) {
    var plaintext: [UInt8] = []
    do {
      let binary = try binary()
      var position = 0
      try StreamOpener(with: identities).run(
        reading: { Feed.fill(&$0, from: binary, at: &position) }, writing: { plaintext += $0.copy() })
      return ("success", plaintext)
    } catch {
      return ((error as? AgeError)?.outcome?.rawValue ?? "\(error)", plaintext)
    }
  }
}
