import Record
import Sodium
import Testing
import Transparency

struct GoneNoteTests {
  let publishers = [SigningKey.generate(), SigningKey.generate()]

  func locks(_ text: String) -> TreeName { TreeName(.locks, Sample.hash(text)) }
  func sealed(_ text: String) -> TreeName { TreeName(.sealed, Sample.hash(text)) }

  @Test func whatIsSignedReadsBack() throws {
    let replace = try GoneNote(
      .replace, [.init(locks("a"), replacedBy: locks("b")), .init(locks("c"), replacedBy: locks("b"))])
    let erase = try GoneNote(
      .erase, [.init(sealed("a")), .init(locks("a")), .init(sealed("b"), replacedBy: sealed("c"))])
    for gone in [replace, erase] {
      let bytes = try gone.signed(for: Sample.vault, publisher: 1, with: publishers[0]).encoded
      let note = try PublicNote(parsing: bytes.span, as: .gone)
      #expect(try GoneNote(note, vault: Sample.vault) == gone)
      #expect(throws: RecordError.otherVault) { try GoneNote(note, vault: Sample.record) }
    }
    #expect(erase.names.map(\.old) == erase.names.map(\.old).sorted())
  }

  @Test func thresholdsAreTheKindsOwn() throws {
    var keys = KeysNote(
      number: 1, previous: nil, founder: publishers[0].verifyingKey,
      publishers: [1: publishers[0].verifyingKey, 2: publishers[1].verifyingKey],
      registrar: publishers[0].verifyingKey, counsel: "age1counsel")
    keys.thresholds.erase = 2
    let replace = try GoneNote(.replace, [.init(locks("a"), replacedBy: locks("b"))])
    let erase = try GoneNote(.erase, [.init(locks("a"), replacedBy: locks("b"))])
    #expect(replace.threshold(under: keys) == 1 && erase.threshold(under: keys) == 2)
    let one = try erase.signed(for: Sample.vault, publisher: 1, with: publishers[0])
    let two = try one.adding(publisher: 2, of: Sample.vault, with: publishers[1])
    #expect(one.hash == two.hash)
    #expect(try one.publishers(under: keys, vault: Sample.vault) == [1])
    #expect(try two.publishers(under: keys, vault: Sample.vault) == [1, 2])
  }

  @Test func whatCannotBeMeantIsRefused() throws {
    let refused: [(GoneNote.Reason, [GoneNote.Name])] = [
      (.erase, []), (.erase, [.init(TreeName(.log, Sample.hash("a")))]),
      (.erase, [.init(sealed("a")), .init(sealed("a"))]), (.erase, [.init(sealed("a"), replacedBy: locks("b"))]),
      (.erase, [.init(sealed("a"), replacedBy: sealed("a"))]),
      (.erase, [.init(sealed("a"), replacedBy: sealed("b")), .init(sealed("b"))]),
      (.replace, [.init(locks("a"))]), (.replace, [.init(sealed("a"), replacedBy: sealed("b"))]),
    ]
    for (reason, names) in refused {
      #expect(throws: RecordError.field("gone")) { try GoneNote(reason, names) }
    }
    #expect(throws: RecordError.note(.tooLarge)) {
      let many = (0..<8_000).map { GoneNote.Name(sealed("\($0)"), replacedBy: sealed("new \($0)")) }
      _ = try GoneNote(.erase, many).signed(for: Sample.vault, publisher: 1, with: publishers[0])
    }
  }

  @Test func everyOtherSpellingIsRefused() throws {
    let good = try GoneNote(.erase, [.init(locks("a")), .init(sealed("b"), replacedBy: sealed("c"))]).signed(
      for: Sample.vault, publisher: 1, with: publishers[0])
    let lines = String(decoding: good.note.text, as: UTF8.self).split(separator: "\n").map(String.init)
    func refused(_ lines: [String]) throws -> Bool {
      let text = Array(lines.map { $0 + "\n" }.joined().utf8)
      let note = try SignedNote.sign(text: text, name: "x", key: publishers[0])
      let bytes = note.encoded
      return (try? GoneNote(PublicNote(parsing: bytes.span, as: .gone), vault: Sample.vault)) == nil
    }
    #expect(try !refused(lines))
    #expect(lines.count == 5)
    for index in lines.indices {
      #expect(try refused(Array(lines[...index]) + Array(lines[index...])), "\(lines[index]) twice")
      #expect(try refused(lines.enumerated().map { $0 == index ? $1 + " " : $1 }), "\(lines[index])")
      #expect(try refused(lines.enumerated().map { $0 == index ? $1.uppercased() : $1 }), "\(lines[index])")
      if index > 0 {
        var moved = lines
        moved.swapAt(index, index - 1)
        #expect(try refused(moved), "\(lines[index]) moved")
      }
    }
    #expect(try refused(lines + ["time: now"]))
    #expect(try refused(lines + ["", "A text."]))
  }
}
