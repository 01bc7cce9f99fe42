import ArgumentParser
import Platform
import Record
import TestimonyVault

/// One verb: it takes its arguments, makes one call into the vault, and says what was done. What it returns is the
/// `data` of `--json`.
protocol Verb: ParsableCommand {
  /// The words that name it, for the JSON: `member admit`.
  static var words: String { get }
  var common: CommonOptions { get }
  func perform(_ face: Face) throws -> JSON
}

extension Verb {
  func run() throws {
    let face = Face(common, command: Self.words)
    do {
      let data = try perform(face)
      try face.finish(data)
    } catch let verdict as Verdict {
      throw verdict
    } catch {
      throw face.fail(error)
    }
    if face.exit != .done { throw Verdict(code: face.exit) }
  }
}
