internal import Glibc

/// The environment of this process, read only. Nothing in it is ever a secret.
public enum Environment {
  /// The variable's value, or nil where it is not set; empty is a value. Bytes that are not UTF-8 are escaped
  /// as in `RawArguments`.
  public static func value(_ name: String) -> String? {
    guard !name.utf8.contains(0), let pointer = unsafe getenv(name) else { return nil }
    return unsafe EscapedText.text(RawArguments.bytes(at: pointer))
  }

  /// All variables as the bytes `NAME=value`, those in `changes` set, for a child process.
  static func all(setting changes: [String: String]) -> [[UInt8]] {
    let names = changes.keys.map { Array($0.utf8) + [UInt8(ascii: "=")] }
    var result: [[UInt8]] = []
    if let list = unsafe linuxEnvironment() {
      var index = 0
      while let entry = unsafe list[index] {
        let variable = unsafe RawArguments.bytes(at: entry)
        if !names.contains(where: variable.starts(with:)) { result.append(variable) }
        index += 1
      }
    }
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      result.append(Array(name.utf8) + [UInt8(ascii: "=")] + EscapedText.bytes(value))
    }
    return result
  }

  /// `environ` by its name: Swift 6 refuses the global itself, as any thread might write it. This process
  /// never does.
  private static func linuxEnvironment() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    guard let symbol = unsafe dlsym(nil, "environ") else { return nil }
    return unsafe symbol.assumingMemoryBound(
      to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self
    ).pointee
  }
}
