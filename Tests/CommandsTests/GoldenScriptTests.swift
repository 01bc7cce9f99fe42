import Foundation
import Testing

struct GoldenScriptTests {
  /// A folder that is no longer there must not pass for scripts that all went well.
  @Test func theScriptsAreAllHere() throws {
    #expect(try GoldenScript.names().count == 27)
  }

  @Test(arguments: try GoldenScript.names())
  func itGoesAsTheScriptSays(_ name: String) throws {
    let runs = try GoldenScript(GoldenScript.folder.appendingPathComponent(name)).run()
    #expect(runs > 0, "\(name) runs nothing")
  }
}
