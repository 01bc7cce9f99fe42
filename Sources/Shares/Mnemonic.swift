public import Sodium

/// One share of a secret (SLIP-39), which is written as words. Its value is in guarded memory.
///
/// Everything but the value is plain: it says which shares belong together, and how many are needed.
public final class Mnemonic: Sendable {
  /// The random name of the set, 15 bits, the same in each of its shares.
  public let identifier: Int
  /// Whether further sets of the same secret and passphrase can be made that decrypt alike.
  public let isExtendable: Bool
  /// The cost of a passphrase: 10,000 × 2^this HMACs. 0 to 15.
  public let iterationExponent: Int
  /// The group that the share is of, from 1.
  public let groupIndex: Int
  /// How many groups are needed, 1 to 16.
  public let groupThreshold: Int
  /// How many groups there are, 1 to 16.
  public let groupCount: Int
  /// The number of the share in its group, from 1.
  public let memberIndex: Int
  /// How many shares of its group are needed, 1 to 16.
  public let memberThreshold: Int
  /// As many bytes as the secret has.
  let value: SecretBox

  init(_ fields: MnemonicFields, value: SecretBox) {
    identifier = fields.identifier
    isExtendable = fields.isExtendable
    iterationExponent = fields.iterationExponent
    groupIndex = fields.groupIndex
    groupThreshold = fields.groupThreshold
    groupCount = fields.groupCount
    memberIndex = fields.memberIndex
    memberThreshold = fields.memberThreshold
    self.value = value
  }

  /// Reads a share: words of the list in either case, whole or by their first four letters, with white space between.
  /// Refused: an unknown word, a length that no share has, a wrong checksum, bits set in the padding, more groups
  /// needed than there are.
  public convenience init(parsing text: Span<UInt8>) throws(ShareError) {
    let values = try MnemonicText.parse(text)
    let size = try MnemonicValue.size(inWords: values.count)
    let fields = MnemonicFields(of: values)
    guard RS1024.verify(values, isExtendable: fields.isExtendable) else { throw .checksum }
    guard fields.groupThreshold <= fields.groupCount else { throw .groupThreshold }
    self.init(fields, value: SecretBox(try MnemonicValue.read(values, size: size)))
  }

  /// The words, whole and in lower case, with one space between them and no line end.
  public func encoded() -> Secret {
    var values = MnemonicValue.write(value.secret)
    let fields = MnemonicFields(of: self)
    fields.write(to: &values)
    let end = values.count
    values.set(end - RS1024.size..<end, to: RS1024.checksum(of: values, isExtendable: isExtendable))
    return MnemonicText.print(values)
  }
}
