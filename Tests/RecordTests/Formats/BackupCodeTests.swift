import Record
import Sodium
import Testing

struct BackupCodeTests {
  private let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

  /// By another program: hashlib, and the check letter by Docs/Format.md.
  @Test func isTheHashOfRecipientSetAndNumber() {
    let code = BackupCode(recipient: recipient, set: 27310, number: 3)
    #expect(code.description == "K-KH52-YFFS")
  }

  @Test func everyCardHasItsOwn() {
    let codes = Set(
      (1...16).flatMap { number in (0..<64).map { BackupCode(recipient: recipient, set: $0, number: number) } })
    #expect(codes.count == 16 * 64)
    #expect(
      BackupCode(recipient: recipient + "q", set: 0, number: 1) != BackupCode(recipient: recipient, set: 0, number: 1))
  }

  @Test func isReadAsItIsTyped() throws {
    let code = BackupCode(recipient: recipient, set: 1, number: 2)
    let shown = code.description
    #expect(try BackupCode(parsing: shown) == code)
    #expect(try BackupCode(parsing: shown.lowercased()) == code)
    #expect(try BackupCode(parsing: shown.filter { $0 != "-" }) == code)
    let typed = Array(" \(shown.replacing("-", with: " "))\t".utf8)
    #expect(try BackupCode(parsing: typed.span) == code)
    // A word of the card, typed here by mistake.
    #expect(throws: ShownIDError.malformed) { try BackupCode(parsing: "academic") }
    #expect(throws: ShownIDError.malformed) { try BackupCode(parsing: "") }
    #expect(throws: ShownIDError.malformed) { try BackupCode(parsing: String(shown.dropLast())) }
    #expect(throws: ShownIDError.malformed) { try BackupCode(parsing: "R" + shown.dropFirst()) }
    #expect(throws: ShownIDError.malformed) { try BackupCode(parsing: shown + "-0000") }
  }

  @Test func everyWrongLetterIsFound() throws {
    let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let shown = Array(BackupCode(recipient: recipient, set: 1, number: 2).description)
    for index in shown.indices.dropFirst(2) where shown[index] != "-" {
      for letter in letters where letter != shown[index] {
        var wrong = shown
        wrong[index] = letter
        #expect(throws: ShownIDError.wrongCheckLetter) { try BackupCode(parsing: String(wrong)) }
      }
    }
  }
}
