public import Record
import Sodium

extension Session {
  /// The one late entry that a hash means, in full or by its first eight digits or more.
  public func lateEntry(_ text: String) throws(VaultError) -> VerifiedEntry {
    guard text.utf8.count >= 8, text.utf8.allSatisfy({ Hex.isDigit($0) }) else { throw .notAHash(text) }
    let found = log.late.filter { $0.note.description.utf8.starts(with: text.utf8) }
    guard let entry = found.first else { throw .notLate(text) }
    guard found.count == 1 else { throw .severalEntries(text) }
    return entry
  }

  /// Whether an adoption gives a late entry effect: not what makes the roster, and nothing of a founder's key that was
  /// replaced; the founder says that anew.
  public func canAdopt(_ entry: VerifiedEntry) -> Bool {
    !entry.entry.type.makesRoster && log.roster.members[entry.entry.author] != nil
  }

  /// Adopts a late entry: it counts from now on, on the caller's word.
  public func adopt(_ entry: VerifiedEntry, reason: String) throws(VaultError) {
    try require(.counsel)
    guard canAdopt(entry) else { throw .notAdoptable(entry.note) }
    try write { writing in
      try self.require(.counsel)
      let counsel = try self.circle(CircleName.counsel)
      let body = AdoptBody(entry: entry.note, reason: reason)
      try writing.stage(
        writing.chain.entry(.adopt, by: self.key.signing, to: counsel.body, counsel.recipient, body: body.json))
    }
  }
}

extension Hex {
  /// Whether a byte is a lower-case hex digit.
  static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
  }
}
