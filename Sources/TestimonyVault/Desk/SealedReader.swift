import Age
import Platform
import Record
import Sodium

/// Opening small sealed files with several keys, one after another, so that it is known which one fitted.
enum SealedReader {
  /// The content and the index of the first identity that fits; nil where none does. Throws where one fits and the file
  /// is broken, or is sealed in another way than this vault seals.
  static func open(_ file: [UInt8], with identities: [NativeIdentity]) throws(Damage) -> Opened? {
    for (index, identity) in identities.enumerated() {
      do {
        let content = try AgeFile.open(file.span, with: [identity])
        guard hasOneStanza(file.span, of: identity.kind) else { throw Damage.stanzas }
        return Opened(content: content, index: index)
      } catch AgeError.noMatch { continue } catch { throw Damage(error) }
    }
    return nil
  }

  struct Opened: ~Copyable {
    let content: Secret
    let index: Int

    consuming func take() -> Secret { content }
  }

  /// Whether a file's header has exactly one stanza, of one kind: whatever else stands there could open it for somebody
  /// whom no entry names.
  static func hasOneStanza(_ prefix: Span<UInt8>, of kind: KeyKind) -> Bool {
    guard let header = try? Header.parse(prefix).header else { return false }
    return header.stanzas.count == 1 && header.stanzas[0].type == kind.stanza
  }

  /// The same for a large file, of which only the header is read. What has no header is not judged here: opening it says why.
  static func hasOneStanza(_ file: Descriptor, of kind: KeyKind) throws(SystemError) -> Bool {
    var prefix = [UInt8](repeating: 0, count: Header.maximumSize)
    var span = prefix.mutableSpan
    let count = try file.read(at: 0, into: &span)
    let read = prefix.span.extracting(first: count)
    return (try? Header.parse(read)) == nil || hasOneStanza(read, of: kind)
  }
}

extension KeyKind {
  /// The one type of stanza in the files of a vault of this kind.
  var stanza: String {
    switch self {
    case .classic: AgeError.StanzaKind.x25519.rawValue
    case .hybrid: AgeError.StanzaKind.mlkem768x25519.rawValue
    }
  }
}
