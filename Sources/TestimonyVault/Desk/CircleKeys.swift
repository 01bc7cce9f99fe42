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
    for lock in note.locks {
      guard case .circle(let address) = lock.carries, lock.to == .member(key.hash), identity(address) == nil,
        let identity = LockedKey.open(lock.file, with: key.identity),
        KeyHash.ofRecipient(identity.recipient.text) == address.epoch
      else { continue }
      identities.append((address, identity))
    }
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
