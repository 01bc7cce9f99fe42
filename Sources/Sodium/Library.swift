import CSodium

/// libsodium itself, made ready once for the whole process.
enum Library {
  /// Chooses the fast implementations for this processor and seeds the random source. Everything that
  /// touches libsodium without holding a `Secret` asks for it first; a `Secret` has asked already.
  static func prepare() { precondition(isReady, "libsodium could not be initialised") }

  private static let isReady = sodium_init() >= 0
}
