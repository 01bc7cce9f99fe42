import ArgumentParser
import Platform

/// The program: hardens the process, reads the arguments, runs one verb, and ends with its exit code.
public enum Testimony {
  public static func run() -> Never {
    let hardened = Hardening.apply()
    Interruption.install()
    if !hardened { StandardStreams.error("testimony: this system refused to switch off core dumps\n") }
    let arguments = Array(RawArguments.all.dropFirst())
    if arguments.isEmpty {
      end(.done, saying: Tour.text(program: Program.name))
    }
    if let unknown = Suggestion.forUnknownVerb(arguments) {
      endWithUsage(unknown, arguments)
    }
    do {
      var command = try Root.parseAsRoot(arguments)
      try command.run()
      exitProcess(.done)
    } catch let verdict as Verdict {
      exitProcess(verdict.code)
    } catch {
      // Help and version are asked for: standard output, exit 0. Everything else is a usage error.
      let code = Root.exitCode(for: error)
      if code.isSuccess { end(.done, saying: Root.fullMessage(for: error) + "\n") }
      endWithUsage(Complaint(usage: Root.message(for: error)), arguments)
    }
  }

  private static func endWithUsage(_ complaint: Complaint, _ arguments: [String]) -> Never {
    let words = arguments.prefix { $0.utf8.first != UInt8(ascii: "-") }.prefix(2).joined(separator: " ")
    let isJSON = arguments.prefix { $0 != "--" }.contains("--json")
    let language = Language.ofEnvironment
    StandardStreams.error(isJSON ? complaint.json(words, [], in: language) : complaint.text(in: language))
    exitProcess(.usage)
  }

  private static func end(_ code: ExitCodes, saying text: String) -> Never {
    do { try StandardStreams.output(text) } catch { exitProcess(.inputOutput) }
    exitProcess(code)
  }

  private static func exitProcess(_ code: ExitCodes) -> Never { ProcessEnd.exit(code.rawValue) }
}

/// The name that this program was called by: a kit may rename the binary to something neutral.
enum Program {
  static let name: String = {
    guard let first = RawArguments.all.first else { return "testimony" }
    let name = PathBytes(first).last.description
    return name.isEmpty ? "testimony" : name
  }()
}

/// How a verb ended when it did not end well; its sentences are said already.
struct Verdict: Error {
  let code: ExitCodes
}
