import Record
import Sodium
import Testing

private let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

/// Reads letters to which nothing has been done but the change under test.
private func outcome(_ letters: [UInt8]) -> ShownIDError? {
  do throws(ShownIDError) {
    _ = try ShownID.parse(String(decoding: letters, as: UTF8.self))
    return nil
  } catch {
    return error
  }
}

@Suite struct ShownIDTests {
  private let ids = (0..<40 as Range<UInt64>).flatMap { seed in
    ThingKind.allCases.map { ThingID(kind: $0, hash: seededHash(seed)) }
  }

  @Test func readsWhatIsShown() throws {
    for id in ids {
      for groups in 0...4 {
        let shown = id.shown(extraGroups: groups)
        let bare = shown.split(separator: "-").joined()
        for typed in [shown, shown.lowercased(), bare, bare.lowercased()] {
          let read = try ShownID.parse(typed)
          #expect(read.kind == id.kind)
          #expect(ids.filter(read.matches) == [id])
        }
      }
      let vault = VaultID(hash: id.hash)
      for typed in [vault.shown(), vault.shown(extraGroups: 2).lowercased()] {
        let read = try ShownID.parse(typed)
        #expect(read.matches(vault))
        #expect(!read.matches(id))
        #expect(!(try ShownID.parse(id.shown()).matches(vault)))
      }
    }
  }

  @Test func letteredBitsDecideAndNoOthers() throws {
    let id = ThingID(kind: .record, hash: seededHash(1))
    let read = try ShownID.parse(id.shown())
    for bit in 0..<256 {
      var bytes = id.hash.bytes
      bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      let other = ThingID(kind: .record, hash: try #require(SHA256Hash(hex: Hex.encode(bytes))))
      #expect(read.matches(other) == (bit >= 35))
    }
  }

  @Test func everySingleWrongLetterIsCaught() {
    var changes = 0
    for id in ids {
      for groups in [0, 2] {
        let shown = Array(id.shown(extraGroups: groups).utf8)
        for place in shown.indices where shown[place] != UInt8(ascii: "-") {
          // The first letter is the kind's: only the two others are letters of kinds.
          let others = place == 0 ? Array("CRQ".utf8) : alphabet
          for letter in others where letter != shown[place] {
            var changed = shown
            changed[place] = letter
            if outcome(changed) != .wrongCheckLetter { Issue.record("\(id) at \(place)") }
            changes += 1
          }
        }
      }
    }
    #expect(changes == 120 * (8 * 31 + 16 * 31 + 2 * 2))
  }

  @Test func everySwapOfNeighboursIsCaught() {
    var swaps = 0
    for id in ids {
      for groups in [0, 2] {
        // Neighbours are neighbours across the dash too.
        let letters = Array(id.shown(extraGroups: groups).utf8).filter { $0 != UInt8(ascii: "-") }
        for place in letters.indices.dropLast() where letters[place] != letters[place + 1] {
          var changed = letters
          changed.swapAt(place, place + 1)
          // With the kind's letter inside, what is left may begin with no kind's letter.
          let expected: [ShownIDError?] = place == 0 ? [.wrongCheckLetter, .malformed] : [.wrongCheckLetter]
          if !expected.contains(outcome(changed)) { Issue.record("\(id) at \(place)") }
          swaps += 1
        }
      }
    }
    #expect(swaps > 120 * 20)
  }

  @Test func swappedGroupsAreCaught() {
    for id in ids {
      let groups = id.shown(extraGroups: 2).split(separator: "-").map(String.init)
      for (first, second) in [(1, 2), (2, 3), (3, 4), (1, 3)] {
        var changed = groups
        changed.swapAt(first, second)
        if changed == groups { continue }
        #expect(outcome(Array(changed.joined(separator: "-").utf8)) == .wrongCheckLetter)
      }
    }
  }

  @Test func lettersThatLookLikeDigitsAreRead() throws {
    let zeros = try #require(SHA256Hash(hex: "0842" + String(repeating: "0", count: 60)))
    let shown = VaultID(hash: zeros).shown()
    #expect(shown.hasPrefix("1110-000"))
    for look in ["I", "L", "i", "l"] {
      let typed = String(shown.map { $0 == "1" ? Character(look) : $0 == "0" ? "o" : $0 })
      #expect(try ShownID.parse(typed).matches(VaultID(hash: zeros)))
    }
  }

  @Test func readsAllOfTheHash() throws {
    let id = ThingID(kind: .request, hash: seededHash(3))
    let other = ThingID(kind: .record, hash: seededHash(3))
    let bare = try ShownID.parse("\(id.hash)")
    #expect(bare.matches(id) && bare.matches(other) && bare.matches(VaultID(hash: id.hash)))
    #expect(bare.hash == id.hash)
    let lettered = try ShownID.parse("q-\(id.hash.description.uppercased())")
    #expect(lettered.matches(id) && !lettered.matches(other) && !lettered.matches(VaultID(hash: id.hash)))
  }

  @Test(arguments: [
    "", "-", "R", "R-", "R-7K3F", "R-7K3F-9QD", "R-7K3F-9QDMM", "X-7K3F-9QDM", "R-7U3F-9QDM", "R--7K3F-9QDM",
    "-R-7K3F-9QDM",
    "R-7K3F-9QDM-", "R-7K-3F9Q-DM", "R-7K3F--9QDM", "R-7K3F 9QDM", " R-7K3F-9QDM", "R-7K3F-9QDM\n",
    "R\u{2011}7K3F-9QDM",
    "R-7K3F-9QD\u{CD}", "R-0000-0000-0000-0000-0000-0000-0000",
  ])
  func refusesWhatHasNotTheForm(typed: String) {
    #expect(throws: ShownIDError.malformed) { try ShownID.parse(typed) }
  }
}
