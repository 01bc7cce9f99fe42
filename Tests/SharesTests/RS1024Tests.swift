import Testing

@testable import Shares

@Suite struct RS1024Tests {
  private func checked(isExtendable: Bool) -> WordValues {
    var values = WordValues(count: 20)
    for place in 0..<17 { values[place] = Int.random(in: 0..<1024) }
    values.set(17..<20, to: RS1024.checksum(of: values, isExtendable: isExtendable))
    return values
  }

  /// Every other word at every place.
  @Test(arguments: [false, true]) func everySingleErrorIsFound(isExtendable: Bool) {
    var values = checked(isExtendable: isExtendable)
    let isRight = RS1024.verify(values, isExtendable: isExtendable)
    #expect(isRight)
    var missed = 0
    for place in 0..<20 {
      let right = values[place]
      for change in 1..<1024 {
        values[place] = right ^ change
        if RS1024.verify(values, isExtendable: isExtendable) { missed += 1 }
      }
      values[place] = right
    }
    #expect(missed == 0)
  }

  @Test func upToThreeErrorsAreFound() {
    var missed = 0
    for _ in 0..<2000 {
      var values = checked(isExtendable: false)
      for place in Array(0..<20).shuffled().prefix(Int.random(in: 1...3)) {
        values[place] ^= Int.random(in: 1..<1024)
      }
      if RS1024.verify(values, isExtendable: false) { missed += 1 }
    }
    #expect(missed == 0)
  }

  @Test func theFlagCounts() {
    for isExtendable in [false, true] {
      let values = checked(isExtendable: isExtendable)
      let isRight = RS1024.verify(values, isExtendable: !isExtendable)
      #expect(!isRight)
    }
  }
}
