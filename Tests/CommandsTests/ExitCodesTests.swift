import Testing

@testable import Commands

struct ExitCodesTests {
  /// The numbers are a promise to scripts: this list is never edited, only added to.
  @Test func theCodesAreWhatTheyWere() {
    let codes = ExitCodes.allCases.map { "\($0.rawValue) \($0.meaning)" }
    #expect(
      codes == [
        "0 done, and durable", "1 internal error", "3 partly done", "4 not here", "10 not a vault",
        "11 none of your keys fits", "12 passphrase", "13 quorum not reached",
        "14 refused by role, consent, policy or leak guard", "15 cancelled", "20 damaged", "21 rollback or fork",
        "22 incomplete (still arriving)", "23 foreign files", "30 busy", "31 no space or I/O", "40 helper program",
        "64 usage", "130 interrupted", "143 terminated",
      ])
  }
}
