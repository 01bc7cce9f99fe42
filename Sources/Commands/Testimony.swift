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
      StandardStreams.error(unknown)
      exitProcess(.usage)
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
      StandardStreams.error(Root.message(for: error).usageSentence(program: Program.name))
      exitProcess(.usage)
    }
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

extension String {
  /// A usage error in our voice: one line of what is wrong, one of what helps.
  fileprivate func usageSentence(program: String) -> String {
    let first = split(separator: "\n").first.map(String.init) ?? self
    var text = first
    for prefix in ["Error: "] where text.utf8.starts(with: prefix.utf8) { text = String(text.dropFirst(prefix.count)) }
    if let letter = text.first { text = letter.lowercased() + text.dropFirst() }
    while text.last == "." { text.removeLast() }
    return "\(program): usage: \(text)\nhint: \(program) VERB --help\n"
  }
}
