import Age
import Record
import Sodium

/// Opening small sealed files with several keys, one after another, so that it is known which one fitted.
enum SealedReader {
  /// The content and the index of the first identity that fits; nil where none does. Throws where one fits and the file
  /// is broken.
  static func open(_ file: [UInt8], with identities: [NativeIdentity]) throws(AgeError) -> Opened? {
    for (index, identity) in identities.enumerated() {
      do { return Opened(content: try AgeFile.open(file.span, with: [identity]), index: index) } catch {
        if error != .noMatch { throw error }
      }
    }
    return nil
  }

  struct Opened: ~Copyable {
    let content: Secret
    let index: Int
  }
}
