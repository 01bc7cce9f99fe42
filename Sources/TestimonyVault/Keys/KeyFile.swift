import Age
import Record
public import Sodium

/// `NAME.key`: an age identity file under age's own scrypt (DESIGN §4): `age -d` opens it, and age takes it as an
/// identity file. Comment lines carry the Ed25519 seeds and the vault they belong to.
public enum KeyFile {
  static let firstLine = "# testimony-vault/key/v1"
  /// The work that is accepted when a key file is opened: 2^20, 1 GiB and some seconds.
  public static let maximumLogN = 20
  public static let defaultLogN = 18

  public static func seal(_ key: MemberKey, passphrase: borrowing Secret, logN: Int) throws(VaultError) -> [UInt8] {
    let text = plaintext(key)
    do { return try AgeFile.seal(text.bytes, to: [ScryptRecipient(passphrase: passphrase, logN: logN)]) } catch {
      throw .age(error)
    }
  }

  public static func open(_ file: [UInt8], place: String, passphrase: consuming Secret) throws(VaultError) -> MemberKey
  {
    let text: Secret
    do {
      text = try AgeFile.open(file.span, with: [ScryptIdentity(passphrase: passphrase, maximumLogN: maximumLogN)])
    } catch AgeError.noMatch { throw .passphrase } catch AgeError.tooMuchWork(let logN) {
      throw .tooMuchWork(logN)
    } catch {
      throw .damaged(Place(place), .age(error))
    }
    do { return try parse(text) } catch { throw .damaged(Place(place), .record(.field("key"))) }
  }

  private enum Malformed: Error { case line }

  /// The lines in order. The seeds go from guarded memory to guarded memory, two hex digits a byte.
  private static func plaintext(_ key: MemberKey) -> Secret {
    var writer = SecretWriter(capacity: 4096)
    writer.line(firstLine)
    writer.line("# name: \(key.name.text)")
    if let vault = key.vault { writer.line("# vault: \(vault)") }
    writer.seed("signing", key.signing)
    writer.seed("publisher", key.publisher)
    writer.seed("registrar", key.registrar)
    writer.seed("founder", key.founder)
    writer.line("# public key: \(key.identity.recipient.text)")
    let identity = key.identity.encoded()
    writer.append(identity.bytes)
    writer.line("")
    return writer.finish()
  }

  private static func parse(_ text: borrowing Secret) throws -> MemberKey {
    let bytes = text.bytes
    var name: PersonName?
    var vault: SHA256Hash?
    var seeds: [String: SigningKey] = [:]
    var identity: NativeIdentity?
    var start = 0
    var first = true
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let line = bytes.extracting(start..<end)
      start = end + 1
      if first {
        guard matches(line, firstLine) else { throw Malformed.line }
        first = false
      } else if line.isEmpty {
        continue
      } else if line[0] == UInt8(ascii: "#") {
        if let value = value(line, "name") { name = try PersonName(string(line.extracting(value))) }
        if let value = value(line, "vault") { vault = SHA256Hash(hex: string(line.extracting(value))) }
        for word in ["signing", "publisher", "registrar", "founder"] {
          if let value = value(line, word) { seeds[word] = try seed(line.extracting(value)) }
        }
      } else {
        guard identity == nil else { throw Malformed.line }
        identity = try NativeIdentity(parsing: Secret(copying: line))
      }
    }
    guard let name, let identity, let signing = seeds["signing"], let publisher = seeds["publisher"],
      let registrar = seeds["registrar"], let founder = seeds["founder"]
    else { throw Malformed.line }
    return MemberKey(
      name: name, identity: identity, signing: signing, publisher: publisher, registrar: registrar,
      founder: founder, vault: vault)
  }

  private static func matches(_ line: Span<UInt8>, _ text: String) -> Bool {
    line.count == text.utf8.count && zip(line.indices, text.utf8).allSatisfy { line[$0] == $1 }
  }

  /// What stands behind `# word: `; nil where the line is another one.
  private static func value(_ line: Span<UInt8>, _ word: String) -> Range<Int>? {
    let prefix = Array("# \(word): ".utf8)
    guard line.count > prefix.count, prefix.indices.allSatisfy({ line[$0] == prefix[$0] }) else { return nil }
    return prefix.count..<line.count
  }

  private static func string(_ bytes: Span<UInt8>) -> String { String(decoding: bytes.copy(), as: UTF8.self) }

  private static func seed(_ hex: Span<UInt8>) throws -> SigningKey {
    guard hex.count == 64 else { throw Malformed.line }
    return SigningKey(
      seed: try Secret(count: 32) { seed throws in
        for index in 0..<32 {
          guard let high = digit(hex[2 * index]), let low = digit(hex[2 * index + 1]) else { throw Malformed.line }
          seed[index] = high << 4 | low
        }
      })
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension SecretWriter {
  fileprivate mutating func line(_ text: String) { append(text + "\n") }

  fileprivate mutating func seed(_ word: String, _ key: SigningKey) {
    append("# \(word): ")
    key.withSeed { seed in
      let hex = Secret(count: 64) { memory in
        for index in 0..<32 {
          memory[2 * index] = Self.digit(seed.bytes[index] >> 4)
          memory[2 * index + 1] = Self.digit(seed.bytes[index] & 15)
        }
      }
      append(hex.bytes)
    }
    line("")
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

extension KeyFile {
  /// The work (log2 N) that opening a key file asks for; nil where it is no passphrase file.
  public static func workFactor(_ file: [UInt8]) -> Int? {
    guard let header = try? Header.parse(file.span).header, let stanza = header.stanzas.first,
      stanza.type == "scrypt", stanza.arguments.count == 2
    else { return nil }
    return Int(stanza.arguments[1])
  }
}
