import Age
import Record
import Sodium

extension IndexContents {
  /// The age file of an index: sealed to its owner, its note signed by them, padded so that its size tells little.
  func sealed(for key: MemberKey) throws(VaultError) -> [UInt8] {
    var layout = try encoded()
    defer { for place in layout.indices { for page in layout[place].1.indices { layout[place].1[page].wipe() } } }
    do { return try seal(layout, for: key) } catch { throw VaultError(error) }
  }

  /// The sections in their order, each page held by nobody else, so that it can be wiped.
  private func encoded() throws(VaultError) -> [(IndexSection, [[UInt8]])] {
    let log = self.log.sorted { $0.file < $1.file }
    let entries: IndexEntries
    do { entries = try IndexEntries(encoding: log) } catch { throw .record(error) }
    let texts = IndexTexts(encoding: self.texts)
    return [
      (.log, [IndexNames.encode(log: log)]),
      (.locks, [IndexNames.encode(locks: locks.sorted { $0.file < $1.file })]),
      (.rows, [IndexNames.encode(rows: rows)]),
      (.pools, [entries.pools.encoded()]), (.entries, [entries.rows.output]), (.texts, texts.pages),
      (.originals, [texts.originals]), (.bodies, [entries.bodies.output]),
    ]
  }

  private func seal(_ layout: [(IndexSection, [[UInt8]])], for key: MemberKey) throws -> [UInt8] {
    let pages = layout.flatMap(\.1)
    let alignment = IndexFile.alignment
    var starts: [Int] = []
    var size = alignment
    for page in pages {
      starts.append(size)
      size = (size + page.count + alignment - 1) / alignment * alignment
    }
    let padded = Int(Padme.padded(UInt64(size)))
    var file: [UInt8] = []
    file.reserveCapacity(padded + padded / 4096 + 65536)
    var name: SHA256Hash?
    var first: [UInt8] = []
    var offset = 0
    var next = 0
    try StreamSealer(to: [key.identity.recipient]).run(
      reading: { buffer in
        // By now the header is written: the note can name it.
        if first.isEmpty, let name {
          let note = IndexNote(
            vault: vault, basis: basis, file: name, lengths: layout.map { ($0.0, $0.1.map { Int64($0.count) }) })
          first = try SealedNote.sign(
            .index, note.json, as: KeyName.member(of: vault), with: key.signing, size: .entry
          ).encoded
          guard first.count <= alignment else { throw VaultError.unreadable }
        }
        let count = min(buffer.count, padded - offset)
        var filled = 0
        while filled < count {
          let place = offset + filled
          while next < pages.count, place >= starts[next] + pages[next].count { next += 1 }
          let rest = next < pages.count ? (starts[next], pages[next]) : (padded, [])
          let (start, page) = place < first.count ? (0, first) : rest
          if place < start {
            filled += min(count - filled, start - place)
          } else {
            let size = min(count - filled, start + page.count - place)
            buffer.copy(page.span.extracting(place - start..<place - start + size), at: filled)
            filled += size
          }
        }
        offset += count
        return count
      },
      writing: { bytes in
        if name == nil { name = SHA256Hash(of: bytes) }
        file += bytes.copy()
      })
    return file
  }
}
