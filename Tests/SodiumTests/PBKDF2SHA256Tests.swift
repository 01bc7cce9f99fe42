import Sodium
import Testing

@Suite struct PBKDF2SHA256Tests {
  private func derived(_ password: String, _ salt: String, rounds: Int, count: Int) -> String {
    let (password, salt) = (Array(password.utf8), Array(salt.utf8))
    let key = PBKDF2SHA256.derive(
      password: Secret(copying: password.span), salt: Secret(copying: salt.span), rounds: rounds, count: count)
    return Hex.encode(key.bytes.copy())
  }

  /// RFC 7914, section 11.
  @Test func theVectorsOfTheRFC() {
    #expect(
      derived("passwd", "salt", rounds: 1, count: 64)
        == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")
    #expect(
      derived("Password", "NaCl", rounds: 80_000, count: 64)
        == "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
        + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d")
  }

  /// One round for one block is the HMAC of the salt and the number 1, here libsodium's: keys on both sides of 64 bytes.
  @Test func oneRoundIsAnHMAC() {
    for size in [0, 1, 31, 32, 63, 64, 65, 130] {
      let (password, salt) = (Random.bytes(size), Random.bytes(size))
      let key = PBKDF2SHA256.derive(
        password: Secret(copying: password.span), salt: Secret(copying: salt.span), rounds: 1, count: 32)
      #expect(key.bytes.copy() == HMACSHA256.code(key: password.span, message: (salt + [0, 0, 0, 1]).span))
    }
  }

  @Test func aShorterKeyIsTheBeginningOfALongerOne() {
    let password = Secret.random(count: 9)
    let salt = Secret.random(count: 9)
    let longest = PBKDF2SHA256.derive(password: password, salt: salt, rounds: 3, count: 100).bytes.copy()
    for count in [0, 1, 32, 33, 64, 99] {
      let key = PBKDF2SHA256.derive(password: password, salt: salt, rounds: 3, count: count)
      #expect(key.bytes.copy() == Array(longest.prefix(count)))
    }
  }
}
