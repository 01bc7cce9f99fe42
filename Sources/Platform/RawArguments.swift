/// The arguments of this process, none lost where it is not UTF-8.
public enum RawArguments {
  /// `argv`, the program's name first. Each byte that is not UTF-8 is the scalar U+10FF00 + byte;
  /// `PathBytes.init(_:)` turns it back.
  public static let all: [String] = {
    let count = Int(CommandLine.argc)
    let pointers = unsafe CommandLine.unsafeArgv
    var arguments: [String] = []
    for index in 0..<count {
      guard let pointer = unsafe pointers[index] else { break }
      unsafe arguments.append(EscapedText.text(bytes(at: pointer)))
    }
    return arguments
  }()

  /// The bytes of a C string, without its zero.
  static func bytes(at pointer: UnsafePointer<CChar>) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = 0
    while unsafe pointer[index] != 0 {
      unsafe bytes.append(UInt8(bitPattern: pointer[index]))
      index += 1
    }
    return bytes
  }
}
