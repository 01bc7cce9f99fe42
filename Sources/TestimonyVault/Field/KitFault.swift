/// What can go wrong with a field device and with what it carries. Sentences and exit codes are in `Commands`.
public enum KitFault: Error, Equatable, Sendable {
  /// The folder holds no kit.
  case notAKit(Place)
  /// Several, and none was named.
  case several([String])
  /// The kit's papers are not signed by a counsel whom the vault's own notes name, or are for another key.
  case notVouchedFor(Place)
  /// The list of what was sealed is gone or damaged: without it a number could be used twice.
  case lostList(Place)
  /// No drop of this kit has that code, or that number.
  case noDrop(String)
  /// A receipt that is for another kit or vault, or that nobody signed who may.
  case foreignReceipt(Place)
  /// A receipt that does not follow from what this kit knows: its `keys` notes lead elsewhere, or go back.
  case receiptWentBack(Place)
  case noSuchKit(String)
  case kitExists(String)
  /// Where the kit was to be, something is.
  case folderThere(Place)
  /// No drop that was filed has that number or receipt code, or two have.
  case noFiled(String, String)
  /// The file was read back, and is not what was sealed: the original stays.
  case notAsSealed(String)
  /// What a kit's end would have to be: later than now.
  case endsInThePast
}
