import Platform
import Record
import Shares
import Sodium
import TestimonyVault

/// A card as it is handed in: a file, read and verified.
enum CardFile {
  static func read(_ file: String) throws -> Card {
    let path = PathBytes(file)
    let bytes: [UInt8]
    do { bytes = try FileSystem.openForReading(path).readAll(atMost: 1 << 16) } catch {
      throw CommandError.file(path.description, error)
    }
    do { return try Card(parsing: bytes.span) } catch { throw CommandError.notACard(path.description, error) }
  }
}

extension Face {
  /// A card in lines, as it is compared with the person.
  func lines(of card: Card) -> [String] {
    [
      "name         \(card.name.text)", "recipient    \(shortened(card.recipient))",
      "signing key  \(Hex.encode(card.signing.bytes))",
      "check words  \(CheckWords.of(card.hash).joined(separator: " "))",
    ]
  }

  /// A hybrid recipient has two thousand letters; its ends are enough to look at.
  private func shortened(_ recipient: String) -> String {
    recipient.utf8.count <= 80 ? recipient : "\(recipient.prefix(40))…\(recipient.suffix(12))"
  }
}
