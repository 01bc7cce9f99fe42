import Platform
import Publishing
import Record
import Sodium
import Transparency

// Writing `keys` notes: what changes over time and anyone may know.
extension Session {
  /// What the newest `keys` note says, where there is no doubt about it.
  func newestKeys() throws(VaultError) -> (keys: KeysNote, hash: SHA256Hash) {
    try requireAllRead(below: PublicName.vaultFolder)
    guard let keys = open.keys, let hash = open.keysHash, !open.keysAreUnclear else {
      throw .missing(Place("public/\(PublicName.vaultFolder)"))
    }
    return (keys, hash)
  }

  /// Stages the next `keys` note by the founder's key, and gives the hash of its text; nil where nothing would change.
  /// Counsel's recipient is always that of the newest key.
  /// - Parameter counsel: counsel's circle, where this command gives it a new key.
  @discardableResult
  func stageKeys(
    in writing: Writing, counsel: CircleBody? = nil, _ change: (inout KeysNote) throws -> Void = { _ in }
  ) throws(VaultError) -> SHA256Hash? {
    let (keys, hash) = try newestKeys()
    do {
      var changed = keys
      // Never a key that is not here: nobody might have it.
      if let counsel = counsel ?? (try? circle(CircleName.counsel).body) { changed.counsel = counsel.recipient }
      try change(&changed)
      if changed == keys { return nil }
      try checkPolicy(changed)
      changed.number = keys.number + 1
      changed.previous = hash
      let note = try changed.signed(for: self.note.id, with: key.founder)
      try stage(keysNote: note, number: changed.number, in: writing)
      return note.hash
    } catch { throw VaultError(error) }
  }

  func stage(keysNote note: PublicNote, number: Int, in writing: Writing) throws(VaultError) {
    try writing.objects.stage(
      path: [VaultFolder.publicName, PathBytes(PublicName.vaultFolder)],
      name: PublicName.file(number: number, bytes: note.encoded), note.encoded)
  }

  /// Refuses a policy that those who are left could never meet.
  func checkPolicy(_ keys: KeysNote) throws(VaultError) {
    let have = keys.publishers.count
    let asked = [
      (PolicyRule.publish, keys.thresholds.publish), (.retract, keys.thresholds.retract),
      (.erase, keys.thresholds.erase), (.replace, keys.thresholds.replace),
    ]
    for (rule, need) in asked where need > have { throw .policyNeeds(rule, need: need, have: have) }
    let successors = keys.succession.successors.count
    guard keys.succession.threshold <= successors else {
      throw .policyNeeds(.succession, need: keys.succession.threshold, have: successors)
    }
  }

  /// The number by which this member speaks for the vault in public now, and the newest `keys` note.
  func publishing() throws(VaultError) -> (number: Int, keys: KeysNote) {
    try require(.counsel)
    guard let number = publisherNumber, let keys = open.keys, keys.publishers[number] == key.publisher.verifyingKey
    else { throw .needsRole(.counsel) }
    return (number, keys)
  }

  /// Every public text that is here and that a publisher has signed: what it stays believed for when it ends.
  func texts(signedBy number: Int, _ publisher: VerifyingKey) throws(VaultError) -> Set<SHA256Hash> {
    let signer: NoteVerifier
    do { signer = try NoteVerifier(name: KeyName.publisher(number, of: note.id), key: publisher) } catch {
      throw .record(.signature)
    }
    return try vault.texts { note in (try? note.verified(by: [signer])) != nil }
  }
}

/// What a policy of the vault asks publishers for.
public enum PolicyRule: String, Sendable {
  case publish, retract, erase, replace, succession
}

extension VaultFolder {
  /// The text hashes of the signed notes below `public/` and in `tree/` that fit. What cannot be read is passed over.
  func texts(where fits: (SignedNote) -> Bool) throws(VaultError) -> Set<SHA256Hash> {
    var texts: Set<SHA256Hash> = []
    var folders: [(Directory, String)] = []
    if let open = try subfolder(of: root, Self.publicName, at: "public") {
      for name in try names(in: open, at: "public") {
        if let inside = try? open.directory(name) { folders.append((inside, "public/\(name)")) }
      }
    }
    if let tree = try subfolder(of: root, TreeFile.folder, at: "tree") { folders.append((tree, "tree")) }
    for (folder, place) in folders {
      for name in try names(in: folder, at: place) where name.bytes.suffix(5).elementsEqual(".note".utf8) {
        if Interruption.requested { throw .interrupted }
        guard let file = try? folder.openForReading(name),
          let bytes = try? Self.contents(of: file, at: place, atMost: Self.publicLimit),
          let note = try? SignedNote(parsing: bytes.span), fits(note)
        else { continue }
        texts.insert(note.textHash)
      }
    }
    return texts
  }
}
