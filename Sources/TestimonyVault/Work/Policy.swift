import Publishing
public import Record

extension Session {
  /// What the vault asks publishers for now.
  public func policy() throws(VaultError) -> (thresholds: KeysNote.Thresholds, publishers: Int) {
    let (keys, _) = try newestKeys()
    return (keys.thresholds, keys.publishers.count)
  }

  /// Refuses thresholds that nobody could meet.
  public func checkPolicy(_ thresholds: KeysNote.Thresholds) throws(VaultError) {
    guard isFounder else { throw .needsFounder }
    var (keys, _) = try newestKeys()
    keys.thresholds = thresholds
    try checkPolicy(keys)
  }

  /// How many published texts have fewer signatures than `publish` asks for: they do not count until they have more.
  public func textsBelow(_ thresholds: KeysNote.Thresholds) -> Int {
    open.cases.filter { $0.publishers.count < thresholds.publish }.count
  }

  /// Sets how many publishers must sign for each kind of public act, in a new `keys` note.
  public func set(_ thresholds: KeysNote.Thresholds) throws(VaultError) {
    try checkPolicy(thresholds)
    try write { writing in
      guard self.isFounder else { throw VaultError.needsFounder }
      try self.stageKeys(in: writing) { $0.thresholds = thresholds }
    }
  }
}
