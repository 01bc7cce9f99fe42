import Age
import Platform
import Record
import Sodium

/// The bytes of an index: an age file sealed to its owner, of which any part is opened by itself. Each part is authentic
/// in its place (age's chunks), and the note in front, signed by the owner, names this file's own header: whoever knows
/// no more than the owner's card can seal a file to them, but not one that counts.
struct IndexFile: Sendable {
  /// Sections begin at multiples of this, the size of an age chunk: no chunk is opened twice.
  static let alignment = 65536

  let basis: SHA256Hash
  private let reader: SeekableReader
  /// Where each section lies. Of `texts`, each page.
  private let sections: [IndexSection: [Range<UInt64>]]

  init(_ descriptor: Descriptor, for key: MemberKey, vault: SHA256Hash) throws(IndexFault) {
    let size: UInt64
    var prefix: [UInt8]
    do {
      size = try descriptor.status().size
      prefix = [UInt8](repeating: 0, count: Int(min(size, UInt64(Header.maximumSize) + 16)))
      var span = prefix.mutableSpan
      guard try descriptor.read(at: 0, into: &span) == prefix.count else { throw IndexFault.layout(.note) }
    } catch { throw IndexFault(error) }
    let name: SHA256Hash
    do {
      let (header, length) = try Header.parse(prefix.span)
      guard length + 16 <= prefix.count else { throw AgeError.truncatedHeader }
      name = SHA256Hash(of: prefix.span.extracting(first: length + 16))
      reader = try SeekableReader(
        fileSize: size, header: header, fileKey: try header.unwrap(with: [key.identity])
      ) { offset, buffer in try descriptor.read(at: offset, into: &buffer) }
    } catch { throw IndexFault(error) }

    var first = try Self.read(reader, 0..<UInt64(min(Self.alignment, Int(clamping: reader.size))), in: .note)
    defer { first.wipe() }
    let note: IndexNote
    do {
      let end = first.firstIndex(of: 0) ?? first.count
      let sealed = try SealedNote(parsing: first.span.extracting(first: end), as: .index)
      note = try IndexNote(sealed.body)
      guard note.vault == vault else { throw IndexFault.otherVault }
      _ = try sealed.verified(as: KeyName.member(of: vault), by: key.signing.verifyingKey)
    } catch { throw IndexFault(error) }
    guard note.file == name else { throw .otherFile }
    basis = note.basis
    sections = try note.places(in: reader.size)
  }

  /// How many pages a section has: `texts` any number, all others one.
  func pages(_ section: IndexSection) -> Int { sections[section]?.count ?? 0 }

  func size(_ section: IndexSection) -> Int64 {
    Int64(sections[section]?.reduce(0) { $0 + $1.count } ?? 0)
  }

  /// A page of a section, whole. The caller wipes what holds texts.
  func page(_ section: IndexSection, _ number: Int = 0) throws(IndexFault) -> [UInt8] {
    guard let pages = sections[section], number < pages.count else { throw .layout(section) }
    return try Self.read(reader, pages[number], in: section)
  }

  /// Some bytes of a section that has one page.
  func part(_ section: IndexSection, _ range: Range<Int64>) throws(IndexFault) -> [UInt8] {
    guard let page = sections[section]?.first, range.lowerBound >= 0, range.upperBound <= Int64(page.count) else {
      throw .layout(section)
    }
    let start = page.lowerBound + UInt64(range.lowerBound)
    return try Self.read(reader, start..<start + UInt64(range.count), in: section)
  }

  private static func read(_ reader: SeekableReader, _ range: Range<UInt64>, in section: IndexSection)
    throws(IndexFault) -> [UInt8]
  {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var span = bytes.mutableSpan
    do {
      guard try reader.read(at: range.lowerBound, into: &span) == range.count else { throw IndexFault.layout(section) }
    } catch {
      bytes.wipe()
      throw IndexFault(error)
    }
    return bytes
  }
}

extension IndexFault {
  init(_ error: any Error) {
    switch error {
    case let error as IndexFault: self = error
    case let error as AgeError: self = .age(error)
    case let error as RecordError: self = .note(error)
    case let error as SystemError: self = error.isNotFound ? .none : .system(error)
    default: self = .layout(.note)
    }
  }
}
