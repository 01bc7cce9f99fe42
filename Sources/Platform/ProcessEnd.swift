internal import Glibc

/// The end of the process.
public enum ProcessEnd {
  public static func exit(_ code: Int32) -> Never { Glibc.exit(code) }
}
