import Testing

@testable import Sodium

@Suite(.serialized) struct SecretTests {
  struct Refused: Error {}

  static func copy(_ secret: borrowing Secret) -> [UInt8] { secret.bytes.copy() }

  @Test(arguments: [0, 1, 32, 255, 256, 257, 4096, 100_000]) func bornZeroAndHoldsItsBytes(_ count: Int) {
    let zero = Secret(count: count)
    #expect(zero.bytes.copy() == [UInt8](repeating: 0, count: count))
    let bytes = Random.bytes(count)
    let copy = Secret(copying: bytes.span)
    #expect(copy.count == count && copy.bytes.copy() == bytes)
  }

  @Test func changesInPlace() {
    var secret = Secret(count: 4) { $0[0] = 1 }
    let sum = secret.withMutableBytes { bytes -> Int in
      bytes[3] = 4
      return Int(bytes[0]) + Int(bytes[3])
    }
    #expect(sum == 5 && secret.bytes.copy() == [1, 0, 0, 4])
  }

  @Test func whatThrowsLeavesNothing() {
    #expect(throws: Refused.self) {
      _ = try Secret(count: 8) { (_: inout MutableSpan<UInt8>) throws(Refused) in throw Refused() }
    }
  }

  @Test func aCloneIsItsOwn() {
    var secret = Secret.random(count: 32)
    let clone = secret.clone()
    let same = secret.equals(clone)
    secret.withMutableBytes { $0[0] ^= 1 }
    let other = secret.equals(clone)
    let shorter = Secret(count: 1).equals(Secret(count: 2))
    #expect(same && !other && !shorter)
  }

  @Test func slotsComeBackWipedAndAreUsedAgain() {
    let slab = SecretSlab()
    let slot = unsafe slab.takeSlot()
    let free = slab.freeSlots
    unsafe slot.update(repeating: 0xaa, count: SecretSlab.slotSize)
    unsafe slab.giveBack(slot)
    #expect(slab.freeSlots == free + 1)
    let again = unsafe slab.takeSlot()
    #expect(unsafe again == slot)
    for index in 0..<SecretSlab.slotSize { #expect(unsafe again[index] == 0) }
  }

  @Test func manyAtOnceDoNotOverlap() {
    let boxes = (0..<1000).map { number in
      SecretBox(Secret(count: 2) { ($0[0], $0[1]) = (UInt8(number & 255), UInt8(number >> 8)) })
    }
    for (number, box) in boxes.enumerated() {
      let bytes = Self.copy(box.secret)
      #expect(bytes == [UInt8(number & 255), UInt8(number >> 8)])
    }
  }

  @Test func onManyThreads() async {
    await withTaskGroup(of: Bool.self) { group in
      for seed in 0..<8 {
        group.addTask {
          (0..<2000).allSatisfy { _ in
            let secret = Secret(count: 16) { for index in 0..<16 { $0[index] = UInt8(seed) } }
            return secret.bytes.copy() == [UInt8](repeating: UInt8(seed), count: 16)
          }
        }
      }
      for await isWhole in group { #expect(isWhole) }
    }
  }

  @Test func aSliceOutsideIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var secret = Secret(count: 4)
      secret.withMutableBytes { bytes in bytes.withSlice(2..<5) { $0[0] = 1 } }
    }
  }

  @Test func readingBehindTheEndIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let secret = Secret(count: 4)
      _ = secret.bytes[4]
    }
  }
}
