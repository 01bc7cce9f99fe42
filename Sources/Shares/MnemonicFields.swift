/// What a share says besides its value: the first four words (SLIP-39, "Format of the share mnemonic").
///
/// From the highest of the 40 bits: identifier 15, extendable 1, iteration exponent 4; then group index, group threshold,
/// group count, member index and member threshold, 4 each and one less than the number they stand for.
struct MnemonicFields: Hashable {
  /// Words that the fields take.
  static let size = 4

  let identifier: Int
  let isExtendable: Bool
  let iterationExponent: Int
  let groupIndex: Int
  let groupThreshold: Int
  let groupCount: Int
  let memberIndex: Int
  let memberThreshold: Int
}

extension MnemonicFields {
  /// The fields in the first words of a share.
  init(of values: borrowing WordValues) {
    let bits = values.number(0..<Self.size)
    identifier = bits >> 25
    isExtendable = bits >> 24 & 1 == 1
    iterationExponent = bits >> 20 & 0xF
    groupIndex = (bits >> 16 & 0xF) + 1
    groupThreshold = (bits >> 12 & 0xF) + 1
    groupCount = (bits >> 8 & 0xF) + 1
    memberIndex = (bits >> 4 & 0xF) + 1
    memberThreshold = (bits & 0xF) + 1
  }

  /// Writes them into the first words of a share.
  func write(to values: inout WordValues) {
    var bits = identifier << 5 | (isExtendable ? 1 : 0) << 4 | iterationExponent
    for field in [groupIndex, groupThreshold, groupCount, memberIndex, memberThreshold] {
      bits = bits << 4 | (field - 1)
    }
    values.set(0..<Self.size, to: bits)
  }
}
