public import Sodium

/// One share of a secret (SLIP-39), which is written as words. Its value is in guarded memory.
///
/// Everything but the value is plain: it says which shares belong together, and how many are needed.
public final class Mnemonic: Sendable {
  /// The random name of the set, 15 bits, the same in each of its shares.
  public var identifier: Int { fields.identifier }
  /// Whether further sets of the same secret and passphrase can be made that decrypt alike.
  public var isExtendable: Bool { fields.isExtendable }
  /// The cost of a passphrase: 10,000 × 2^this HMACs. 0 to 15.
  public var iterationExponent: Int { fields.iterationExponent }
  /// The group that the share is of, from 1.
  public var groupIndex: Int { fields.groupIndex }
  /// How many groups are needed, 1 to 16.
  public var groupThreshold: Int { fields.groupThreshold }
  /// How many groups there are, 1 to 16.
  public var groupCount: Int { fields.groupCount }
  /// The number of the share in its group, from 1.
  public var memberIndex: Int { fields.memberIndex }
  /// How many shares of its group are needed, 1 to 16.
  public var memberThreshold: Int { fields.memberThreshold }
  let fields: MnemonicFields
  /// As many bytes as the secret has.
  let value: SecretBox

  init(_ fields: MnemonicFields, value: SecretBox) {
    self.fields = fields
    self.value = value
  }

  /// Reads a share: words of the list in either case, whole or by their first four letters, with white space between.
  /// Refused: an unknown word, a length that no share has, a wrong checksum, bits set in the padding, more groups
  /// needed than there are.
  public init(parsing text: Span<UInt8>) throws(ShareError) {
    let values = try MnemonicText.parse(text)
    let size = try MnemonicValue.size(inWords: values.count)
    fields = MnemonicFields(of: values)
    guard RS1024.verify(values, isExtendable: fields.isExtendable) else { throw .checksum }
    guard fields.groupThreshold <= fields.groupCount else { throw .groupThreshold }
    value = SecretBox(try MnemonicValue.read(values, size: size))
  }

  /// The words, whole and in lower case, with one space between them and no line end.
  public func encoded() -> Secret {
    var values = MnemonicValue.write(value.secret)
    fields.write(to: &values)
    let end = values.count
    values.set(end - RS1024.size..<end, to: RS1024.checksum(of: values, isExtendable: isExtendable))
    return MnemonicText.print(values)
  }
}
