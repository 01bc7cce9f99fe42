import Platform
import Record
import Sodium
import TestimonyVault

/// Writing a form in the user's editor, on memory that has no name in any file system (FACE: `--edit`).
///
/// vim and nano are told to write nothing beside it: no swap file, backup, undo file or history. What another editor
/// does nobody knows, so the user is told and asked.
enum Editing {
  static func form(_ kind: FormKind, _ face: Face) throws -> JSON {
    guard !face.options.noInput, let terminal = Terminal.open() else {
      throw CommandError.editor(Message("there is no terminal to write on"))
    }
    let command = Environment.value("VISUAL") ?? Environment.value("EDITOR") ?? "vi"
    var arguments = command.split(separator: " ").map(String.init)
    guard let program = arguments.first else {
      throw CommandError.editor(Message("\("VISUAL") or \("EDITOR") is empty"))
    }
    switch PathBytes(program).last.text {
    case "vi", "vim", "vim.basic", "vim.tiny", "vimdiff", "nvim", "view":
      arguments += [
        "-n", "-i", "NONE", "-u", "NONE", "--cmd",
        "set nobackup nowritebackup noundofile noswapfile viminfo= nocompatible",
      ]
    case "nano", "rnano": arguments += ["--restricted", "--ignorercfiles"]
    default:
      let warning = Message(
        "\(PathBytes(program)) may write what you type into files of its own, unsealed: a swap file, a backup, a history."
      )
      terminal.write(face.text(warning) + "\n")
      let prompt = face.text(Message("Type the name of the editor to use it all the same: "))
      guard let answer = try terminal.readLine(prompt: prompt, echo: true),
        String(decoding: answer.bytes.copy(), as: UTF8.self) == program
      else { throw CommandError.cancelled }
    }
    return try run(arguments, on: kind)
  }

  private static func run(_ arguments: [String], on kind: FormKind) throws -> JSON {
    let memory: Descriptor
    do {
      memory = try MemoryFile.make("form")
      try memory.write(Array(kind.template.utf8).span)
      let status = try Editor.run(
        arguments: arguments + ["/proc/self/fd/\(memory.raw)"], inheriting: memory,
        environment: ["LC_ALL": Environment.value("LC_ALL") ?? "C.UTF-8"])
      guard status == 0 else {
        throw CommandError.editor(Message("it ended with an error (\(status)): nothing was sealed"))
      }
    } catch let error as SystemError {
      throw CommandError.editor(Message("it could not be started: \(error.reason)"))
    }
    let bytes = try content(of: memory)
    guard bytes != Array(kind.template.utf8) else { throw CommandError.cancelled }
    do { return try Form.parse(bytes.span, as: kind) } catch { throw CommandError.form("the form", error) }
  }

  /// Some editors write a text anew from its start: the position says nothing.
  private static func content(of memory: Descriptor) throws -> [UInt8] {
    do {
      let size = try memory.status().size
      guard size <= UInt64(HandedIn.limit) else { throw CommandError.textTooLarge("the form", limit: HandedIn.limit) }
      var bytes = [UInt8](repeating: 0, count: Int(size))
      var span = bytes.mutableSpan
      let count = try memory.read(at: 0, into: &span)
      return Array(bytes.prefix(count))
    } catch let error as SystemError { throw CommandError.file("the form", error) }
  }
}
