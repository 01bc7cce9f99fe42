import Age
import Platform
import Record
import Sodium
import Synchronization

/// The circle keys that a member holds, from the lock files made for them.
struct CircleKeys: Sendable {
  var identities: [(address: Entry.Address, identity: NativeIdentity)] = []
  /// The lock files that they came from.
  var files: [SHA256Hash] = []
  /// What those say, to be judged once it is known who was counsel, and which key came from which.
  private var notes: [SHA256Hash: (sealed: SealedNote, author: SHA256Hash)] = [:]
  private var sources: [Entry.Address: Set<SHA256Hash>] = [:]

  /// Whether a lock to an addressee can be opened with these keys, or with the member's own.
  func holds(_ addressee: LocksNote.Addressee, _ key: MemberKey) -> Bool {
    switch addressee {
    case .circle(let address): identity(address) != nil
    case .member(let member): member == key.hash
    case .share: false
    }
  }

  func identity(_ address: Entry.Address) -> NativeIdentity? {
    identities.first { $0.address == address }?.identity
  }

  /// Opens the member's lock files: those remembered, or, where none is, every lock file that this key opens.
  static func find(in vault: VaultFolder, for key: MemberKey, remembered: [SHA256Hash]) throws(VaultError) -> CircleKeys
  {
    var keys = CircleKeys()
    for hash in remembered { keys.take(hash, from: vault, for: key) }
    if !keys.identities.isEmpty { return keys }
    let locks = try vault.list(.locks).objects
    let mine = Mutex<[SHA256Hash]>([])
    do {
      try Parallel.forEach(0..<locks.count) { index in
        try Interruption.check()
        guard let file = try? vault.read(locks[index], atMost: VaultFolder.lockLimit),
          (try? AgeFile.open(file.span, with: [key.identity])) != nil
        else { return }
        mine.withLock { $0.append(locks[index].hash) }
      }
    } catch { throw VaultError(error) }
    for hash in mine.withLock({ $0.sorted() }) { keys.take(hash, from: vault, for: key) }
    return keys
  }

  /// Takes the keys of one lock file. A lock whose key is not the one it names is left out: locks prove themselves.
  private mutating func take(_ hash: SHA256Hash, from vault: VaultFolder, for key: MemberKey) {
    guard let file = try? vault.read(ObjectPlace(.locks, hash), atMost: VaultFolder.lockLimit),
      let content = try? AgeFile.open(file.span, with: [key.identity]),
      let sealed = try? SealedNote(parsing: content.bytes, as: .locks), let note = try? LocksNote(sealed.body),
      case .member(key.hash) = note.subject
    else { return }
    files.append(hash)
    notes[hash] = (sealed, note.author)
    for lock in note.locks {
      guard case .circle(let address) = lock.carries, lock.to == .member(key.hash) else { continue }
      if identity(address) == nil {
        guard let identity = LockedKey.open(lock.file, with: key.identity),
          KeyHash.ofRecipient(identity.recipient.text) == address.epoch
        else { continue }
        identities.append((address, identity))
      }
      sources[address, default: []].insert(hash)
    }
  }

  /// The epochs of a member's circles whose keys are not here. Somebody who is suspended lacks what was made since; it may
  /// be theirs again.
  func lacking(of member: Roster.Member, in roster: Roster) -> Set<Entry.Address> {
    let epochs = roster.circlesHad(by: member).flatMap { roster.circles[$0] ?? [] }
    return Set(epochs.map(\.address).filter { identity($0) == nil })
  }

  /// Passes over what is not to be relied on: keys that no entry of the roster names, and lock files that nobody signed
  /// who was counsel, with the keys that came from them alone.
  mutating func keepTrusted(under log: CustodyLog) {
    let counsel = log.everCounsel
    for (file, note) in notes {
      let card = counsel.contains(note.author) ? log.roster.members[note.author]?.admission.card : nil
      let name = KeyName.member(of: log.vault)
      if let card, (try? note.sealed.verified(as: name, by: card.signing)) != nil { continue }
      notes[file] = nil
      files.removeAll { $0 == file }
      for address in sources.keys { sources[address]?.remove(file) }
    }
    identities.removeAll { address, _ in
      let isNamed = log.namedEpochs[address.circle]?.contains(address.epoch) ?? false
      return !isNamed || sources[address]?.isEmpty ?? false
    }
  }
}

extension CustodyLog {
  /// The key hashes of those who are or have been counsel: what they sealed stays readable when they leave.
  var everCounsel: Set<SHA256Hash> {
    Set(
      entries.compactMap { one in
        guard one.entry.type == .admit, let admission = try? Admission(one.entry.body),
          admission.roles.contains(.counsel)
        else { return nil }
        return admission.card.member
      })
  }
}

/// A lock: an age file whose content is one identity line and a newline.
enum LockedKey {
  static func seal(_ identity: NativeIdentity, to recipient: NativeRecipient) throws(AgeError) -> [UInt8] {
    let line = identity.encoded()
    let content = Secret(count: line.count + 1) { memory in
      for index in 0..<line.count { memory[index] = line.bytes[index] }
      memory[line.count] = UInt8(ascii: "\n")
    }
    return try AgeFile.seal(content.bytes, to: [recipient])
  }

  static func open(_ file: [UInt8], with identity: NativeIdentity) -> NativeIdentity? {
    guard let content = try? AgeFile.open(file.span, with: [identity]), content.count > 1,
      content.bytes[content.count - 1] == UInt8(ascii: "\n")
    else { return nil }
    return try? NativeIdentity(parsing: Secret(copying: content.bytes.extracting(0..<(content.count - 1))))
  }
}
