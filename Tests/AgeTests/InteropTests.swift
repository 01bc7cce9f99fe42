import Foundation
import Sodium
import Testing

@testable import Age

/// Against programs that are not ours: Debian's `age`, `pyrage`, and Python's `cryptography` for the hybrid type.
/// $TESTIMONY_INTEROP_COUNT files each way (40 unless told; torture uses 500); what is missing is said.
@Suite(.serialized) struct InteropTests {
  static let count = ProcessInfo.processInfo.environment["TESTIMONY_INTEROP_COUNT"].flatMap { Int($0) } ?? 40
  static let hasAge = Tool.exists("age")
  static let hasPyrage = (try? Tool.python("import pyrage")) != nil
  static let hasHybrid =
    (try? Tool.python("from cryptography.hazmat.primitives import hpke; hpke.KEM.MLKEM768_X25519")) != nil

  static func isPresent(_ isPresent: Bool, _ name: String) -> Bool {
    if !isPresent {
      print("!!! SKIPPED: interop with \(name): not installed (TESTIMONY_PYTHON names a venv)")
    }
    return isPresent
  }

  /// The plaintexts: the edges first, then random sizes.
  static func plaintexts(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = Seeded(seed)
    let edges = [0, 1, 65535, 65536, 65537, 131072]
    return (0..<count).map { number in
      let size = number < edges.count ? edges[number] : Int.random(in: 0...300_000, using: &random)
      return random.bytes(size)
    }
  }

  /// Runs `body` in a folder of its own that is gone afterwards.
  static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("age-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  static func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
  static func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Seals streamed and in one go in turn; both are the same format.
  static func seal(_ plaintext: [UInt8], _ number: Int, to recipients: [any Recipient]) throws -> [UInt8] {
    guard number.isMultiple(of: 2) else { return try AgeFile.seal(plaintext.span, to: recipients) }
    var (file, position) = ([UInt8](), 0)
    try StreamSealer(to: recipients).run(
      reading: { Feed.fill(&$0, from: plaintext, at: &position) }, writing: { file += $0.copy() })
    return file
  }

  static func expectOpens(_ file: [UInt8], to plaintext: [UInt8], with identities: [any Identity]) throws {
    let opened = try AgeFile.open(file.span, with: identities)
    let isSame = ConstantTime.equal(opened.bytes, plaintext.span)
    #expect(isSame)
  }

  @Test func ageBothWays() throws {
    guard Self.isPresent(Self.hasAge, "age") else { return }
    let identity = NativeIdentity.generate(.classic)
    try Self.inFolder { folder in
      try Self.write(identity.encoded().bytes.copy() + [10], "\(folder)/key")
      for (number, plaintext) in Self.plaintexts(Self.count, seed: 11).enumerated() {
        let file = try Self.seal(plaintext, number, to: [identity.recipient])
        #expect(try Tool.run(["age", "-d", "-i", "\(folder)/key"], input: file) == plaintext)
        let armor = number.isMultiple(of: 3) ? ["-a"] : []
        let theirs = try Tool.run(["age", "-r", identity.recipient.text] + armor, input: plaintext)
        let binary = armor.isEmpty ? theirs : try Armor.decode(theirs.span)
        try Self.expectOpens(binary, to: plaintext, with: [identity])
        if !armor.isEmpty { #expect(Armor.encode(binary.span) == theirs) }
      }
    }
  }

  @Test func pyrageBothWays() throws {
    guard Self.isPresent(Self.hasPyrage, "pyrage") else { return }
    let identity = NativeIdentity.generate(.classic)
    let script = """
      import sys, pyrage
      d, n, r = sys.argv[1], int(sys.argv[2]), pyrage.x25519.Recipient.from_str(sys.argv[3])
      k = pyrage.x25519.Identity.from_str(open(d + '/key').read().strip())
      for i in range(n):
          p = open(f'{d}/{i}.plain', 'rb').read()
          if pyrage.decrypt(open(f'{d}/{i}.age', 'rb').read(), [k]) != p: sys.exit(1)
          open(f'{d}/{i}.theirs', 'wb').write(pyrage.encrypt(p, [r]))
      """
    try Self.batch(
      script, recipients: [identity.recipient], identities: [identity], seed: 12,
      folder: { folder in
        try Self.write(identity.encoded().bytes.copy(), "\(folder)/key")
      }, argument: identity.recipient.text)
  }

  /// Files under a passphrase that the others make: each costs them and us a second of scrypt, so a tenth of the count.
  static let passphraseCount = max(3, count / 10)

  @Test func pyragePassphraseBothWays() throws {
    guard Self.isPresent(Self.hasPyrage, "pyrage") else { return }
    let passphrase = Secret(copying: Array("liberty recall aunt".utf8).span)
    let script = """
      import sys, pyrage
      d, n = sys.argv[1], int(sys.argv[2])
      for i in range(n):
          p = open(f'{d}/{i}.plain', 'rb').read()
          if pyrage.passphrase.decrypt(open(f'{d}/{i}.age', 'rb').read(), sys.argv[3]) != p: sys.exit(1)
          if i < \(Self.passphraseCount): open(f'{d}/{i}.theirs', 'wb').write(pyrage.passphrase.encrypt(p, sys.argv[3]))
      """
    try Self.batch(
      script, recipients: [ScryptRecipient(passphrase: passphrase, logN: 10)],
      identities: [ScryptIdentity(passphrase: passphrase.clone(), maximumLogN: 22)], seed: 13,
      folder: { _ in },
      argument: "liberty recall aunt", theirs: Self.passphraseCount)
  }

  /// `age` asks for a passphrase on a terminal only; Python holds one for it.
  @Test func agePassphraseBothWays() throws {
    guard Self.isPresent(Self.hasAge, "age") else { return }
    let passphrase = Secret(copying: Array("liberty recall aunt".utf8).span)
    let script = """
      import os, pty, sys, time
      d, n, w = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
      def run(*command):
          pid, fd = pty.fork()
          if pid == 0: os.execvp(command[0], command)
          seen = b''
          while True:
              try: got = os.read(fd, 1000)
              except OSError: break
              if not got: break
              seen += got
              if b'assphrase' in seen and seen.rstrip().endswith(b':'):
                  time.sleep(0.05)
                  os.write(fd, w + b'\\r'); seen = b''
          if os.waitpid(pid, 0)[1] != 0: sys.exit(1)
      for i in range(n):
          run('age', '-d', '-o', f'{d}/{i}.opened', f'{d}/{i}.age')
          open(f'{d}/{i}.opened', 'ab').close()  # age makes no file for an empty plaintext
          if open(f'{d}/{i}.opened', 'rb').read() != open(f'{d}/{i}.plain', 'rb').read(): sys.exit(2)
          if i < \(Self.passphraseCount): run('age', '-p', '-o', f'{d}/{i}.theirs', f'{d}/{i}.plain')
      """
    try Self.batch(
      script, recipients: [ScryptRecipient(passphrase: passphrase, logN: 10)],
      identities: [ScryptIdentity(passphrase: passphrase.clone(), maximumLogN: 22)], seed: 14,
      folder: { _ in },
      argument: "liberty recall aunt", theirs: Self.passphraseCount)
  }

  /// The stanza is HPKE with X-Wing; Python's `cryptography` makes and opens it, and the rest of the file is the
  /// same for every recipient type.
  @Test func hybridBothWays() throws {
    guard Self.isPresent(Self.hasHybrid, "cryptography with MLKEM768_X25519") else { return }
    let identity = NativeIdentity.generate(.hybrid)
    let script = """
      import base64, hashlib, hmac, os, sys
      from cryptography.hazmat.primitives import hpke
      from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
      from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
      d, n = sys.argv[1], int(sys.argv[2])
      seed = hashlib.shake_256(bytes.fromhex(open(d + '/seed').read())).digest(96)
      m = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:64])
      x = x25519.X25519PrivateKey.from_private_bytes(seed[64:])
      key = hpke.MLKEM768X25519PrivateKey(m, x)
      raw = m.public_key().public_bytes_raw() + x.public_key().public_bytes_raw()
      if raw.hex() != sys.argv[3]: sys.exit(3)
      suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
      info = b'age-encryption.org/mlkem768x25519'
      b64 = lambda b: base64.b64encode(b).rstrip(b'=')
      unb64 = lambda t: base64.b64decode(t + b'=' * (-len(t) % 4))
      def hkdf(key, salt, info):
          return hmac.digest(hmac.digest(salt or bytes(32), key, 'sha256'), info + b'\\x01', 'sha256')
      def chunks(key, data, size, work):
          parts = [data[i:i + size] for i in range(0, len(data), size)] or [b'']
          return b''.join(getattr(ChaCha20Poly1305(key), work)(
              i.to_bytes(11, 'big') + bytes([i == len(parts) - 1]), p, None) for i, p in enumerate(parts))
      for i in range(n):
          p, f = open(f'{d}/{i}.plain', 'rb').read(), open(f'{d}/{i}.age', 'rb').read()
          lines = f.split(b'\\n', 4)
          file_key = suite.decrypt(unb64(lines[1].split(b' ')[2]) + unb64(lines[2]), key, info=info)
          head = b'\\n'.join(lines[:3]) + b'\\n---'
          if unb64(lines[3][4:]) != hmac.digest(hkdf(file_key, b'', b'header'), head, 'sha256'): sys.exit(4)
          rest = f[len(head) + 45:]
          if chunks(hkdf(file_key, rest[:16], b'payload'), rest[16:], 65552, 'decrypt') != p: sys.exit(5)
          file_key, nonce = os.urandom(16), os.urandom(16)
          c = suite.encrypt(file_key, key.public_key(), info=info)
          head = b'age-encryption.org/v1\\n-> mlkem768x25519 ' + b64(c[:1120]) + b'\\n' + b64(c[1120:]) + b'\\n---'
          mac = b64(hmac.digest(hkdf(file_key, b'', b'header'), head, 'sha256'))
          body = chunks(hkdf(file_key, nonce, b'payload'), p, 65536, 'encrypt')
          open(f'{d}/{i}.theirs', 'wb').write(head + b' ' + mac + b'\\n' + nonce + body)
      """
    try Self.batch(
      script, recipients: [identity.recipient], identities: [identity], seed: 15,
      folder: { folder in
        let hex = identity.withSecretBytes { Hex.encode($0.bytes.copy()) }
        try Self.write(Array(hex.utf8), "\(folder)/seed")
      }, argument: Hex.encode(identity.recipient.publicKey))
  }

  /// Our files and the plaintexts into a folder, one run of the script there, and its files opened.
  static func batch(
    _ script: String, recipients: [any Recipient], identities: [any Identity], seed: UInt64,
    folder prepare: (String) throws -> Void, argument: String, theirs: Int = count
  ) throws {
    let plaintexts = Self.plaintexts(Self.count, seed: seed)
    try inFolder { folder in
      try prepare(folder)
      for (number, plaintext) in plaintexts.enumerated() {
        try write(plaintext, "\(folder)/\(number).plain")
        try write(seal(plaintext, number, to: recipients), "\(folder)/\(number).age")
      }
      _ = try Tool.python(script, [folder, String(plaintexts.count), argument])
      for (number, plaintext) in plaintexts.prefix(theirs).enumerated() {
        try expectOpens(read("\(folder)/\(number).theirs"), to: plaintext, with: identities)
      }
    }
  }
}
