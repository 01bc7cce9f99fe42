internal import Glibc

/// How much memory this process has taken, for benchmarks.
public enum MemoryUse {
  /// The most resident bytes at any time since the start.
  public static func peakBytes() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }
}
