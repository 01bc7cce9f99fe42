import Record
import Sodium
import Testing

struct ReceiptCodeTests {
  private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  private static let heads = (0..<20).map { Sample.hash("head \($0)") }

  @Test(arguments: heads)
  func aCodeReadsBackAndMatchesItsHead(head: SHA256Hash) throws {
    let code = ReceiptCode(of: head)
    let text = code.description
    #expect(text.count == 6 && text.allSatisfy { Self.letters.contains($0) })
    #expect(try ReceiptCode(parsing: text) == code)
    #expect(try ReceiptCode(parsing: text.lowercased()) == code)
    #expect(try ReceiptCode(parsing: "\(text.prefix(3))-\(text.suffix(3))") == code)
    #expect(code.matches(head))
    #expect(Self.heads.filter { code.matches($0) } == [head])
  }

  @Test(arguments: heads)
  func everyWrongLetterIsCaught(head: SHA256Hash) {
    let text = Array(ReceiptCode(of: head).description)
    for place in text.indices {
      for letter in Self.letters where letter != text[place] {
        var wrong = text
        wrong[place] = letter
        #expect(throws: ShownIDError.wrongCheckLetter) { try ReceiptCode(parsing: String(wrong)) }
      }
    }
  }

  @Test(arguments: heads)
  func everySwapOfNeighboursIsCaught(head: SHA256Hash) {
    let text = Array(ReceiptCode(of: head).description)
    for place in text.indices.dropLast() where text[place] != text[place + 1] {
      var wrong = text
      wrong.swapAt(place, place + 1)
      #expect(throws: ShownIDError.wrongCheckLetter) { try ReceiptCode(parsing: String(wrong)) }
    }
  }

  @Test(arguments: ["", "-", "ABCDE", "ABCDEFG", "ABCDU0", "ABC DE", "АBCDE0", "ABCDE\u{301}"])
  func anythingElseIsMalformed(text: String) {
    #expect(throws: ShownIDError.malformed) { try ReceiptCode(parsing: text) }
  }

  @Test func itIsTheFirst25BitsOfTheHead() throws {
    let head = try #require(SHA256Hash(hex: "ffffff80" + String(repeating: "0", count: 56)))
    let other = try #require(SHA256Hash(hex: "ffffffff" + String(repeating: "f", count: 56)))
    #expect(ReceiptCode(of: head).description.hasPrefix("ZZZZZ"))
    #expect(ReceiptCode(of: head).matches(other))
  }
}
