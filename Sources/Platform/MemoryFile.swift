internal import Glibc

/// A file that exists in memory only, for a text that an editor works on.
public enum MemoryFile {
  /// memfd_create(2). `name` shows in `/proc` only: nothing telling. `Editor.run` hands it to the child; no
  /// other process inherits it.
  ///
  /// The memory is not locked: where there is swap, the text may reach it.
  public static func make(_ name: String) throws(SystemError) -> Descriptor {
    try unsafe PathBytes(name).withPointer { (pointer) throws(SystemError) in
      Descriptor(
        taking: try SystemError.check(
          unsafe linuxMemfdCreate(pointer, LinuxConstant.memfdCloseOnExec), "memfd_create"))
    }
  }
}
