internal import Glibc

// Calls that the Glibc module does not show: GNU extensions (it is built without _GNU_SOURCE) and variadic
// functions (Swift imports none). Each takes integers and pointers only, so that Swift's and C's calling
// conventions agree on x86-64 and on arm64.

/// renameat2(2), glibc 2.28.
@_silgen_name("renameat2")
func linuxRenameat2(
  _ oldDirectory: Int32, _ oldPath: UnsafePointer<CChar>,
  _ newDirectory: Int32, _ newPath: UnsafePointer<CChar>, _ flags: UInt32
) -> Int32

/// memfd_create(2), glibc 2.27.
@_silgen_name("memfd_create")
func linuxMemfdCreate(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32

/// syncfs(2), glibc 2.14; reports errors since Linux 5.8.
@_silgen_name("syncfs")
func linuxSyncfs(_ descriptor: Int32) -> Int32

/// prctl(2), which is variadic in C.
@_silgen_name("prctl")
func linuxPrctl(_ option: Int32, _ a: UInt, _ b: UInt, _ c: UInt, _ d: UInt) -> Int32

/// syscall(2) with up to two arguments, for calls that older C libraries do not wrap. Variadic in C.
@_silgen_name("syscall")
func linuxSyscall(_ number: Int, _ a: Int, _ b: Int) -> Int

/// wcwidth(3): columns of one wide character in the thread's locale, or -1.
@_silgen_name("wcwidth")
func linuxWcwidth(_ character: UInt32) -> Int32

enum LinuxConstant {
  static let renameNoReplace: UInt32 = 1
  static let memfdCloseOnExec: UInt32 = 1
  static let setDumpable: Int32 = 4
  /// The number of pidfd_open(2), Linux 5.3, the same on every architecture.
  static let pidfdOpen = 434
}
