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
}
