internal import Glibc

/// What keeps this process's memory and files to itself. The first call of `main`.
public enum Hardening {
  /// - resets SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE: Swift's own handler prints registers and the
  ///   memory they point to;
  /// - allows no core dump, and no other process of the same user to read this one (PR_SET_DUMPABLE 0; the
  ///   kernel then also gives `/proc/self` to root);
  /// - lets this process open as many files as the system allows, up to 4,096;
  /// - lets new files be read by their owner only (umask 077);
  /// - ignores SIGPIPE, so that a closed pipe is EPIPE;
  /// - occupies the descriptors 0, 1 and 2 where they are closed, so that no file of the vault becomes
  ///   standard output.
  ///
  /// Returns whether all of it succeeded.
  @discardableResult
  public static func apply() -> Bool {
    var done = true
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] {
      done = setDisposition(SIG_DFL, of: number) && done
    }
    done = setDisposition(SIG_IGN, of: SIGPIPE) && done
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    done = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 && done
    raiseDescriptorLimit()
    done = linuxPrctl(LinuxConstant.setDumpable, 0, 0, 0, 0) == 0 && done
    umask(0o077)
    return occupyStandardDescriptors() && done
  }

  /// Up to 768 folders of a vault are kept open while many records are sealed. Where the limit stays low, that fails with
  /// an error of its own.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < 4096 else { return }
    limit.rlim_cur = min(4096, limit.rlim_max)
    unsafe setrlimit(resource, &limit)
  }

  private static func setDisposition(_ handler: sighandler_t?, of number: Int32) -> Bool {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    return unsafe sigaction(number, &action, nil) == 0
  }

  /// Opened the wrong way round, so that whoever reads or writes them has an error and not silence.
  private static func occupyStandardDescriptors() -> Bool {
    for number in Int32(0)...2 where fcntl(number, F_GETFD) < 0 {
      let flags = number == 0 ? O_WRONLY : O_RDONLY
      guard unsafe open("/dev/null", flags) == number else { return false }
    }
    return true
  }
}
