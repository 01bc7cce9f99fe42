import Age
import Platform
import Record
import Sodium

/// A member's index of what they may read: an age file sealed to them, beside their key. It makes `list` and `search`
/// fast and can be lost: it is made anew from the vault. Nothing in it is of an identity.
///
/// # Layout 1
///
/// The plaintext is a signed note of kind `index` (its JSON: vault, layout, basis, file, and the lengths of all sections),
/// padded like an entry and then with zeros to 65,536 bytes; then the sections in this order, each beginning at the next
/// multiple of 65,536; then zeros to a Padmé size. `file` is the SHA-256 of the age header and the 16 bytes behind it.
/// Numbers are big-endian; *n* × is a count (4 bytes) and so many rows; a text is its length (4) and UTF-8; a hash is 32
/// bytes; layers are bits (1 summary, 2 testimony, 4 identity); a number of a pool counts from 1, and 0 is none.
///
/// - `log`: *n* × name, 1 if its entry is in `entries`, 0 if no key opened it (1 byte); by name.
/// - `locks`: *n* × name, kind (1): 0 not for the reader, 1 circle keys, 2 a version's locks (then its manifest's note
///   hash, the layers that the reader can open with it), 3 unsigned; by name.
/// - `rows`: *n* × record, case, manifest's note hash, time (8, seconds since 1970), layers, 1 if contested (1), 1 if
///   no version follows (1), version (text).
/// - `pools`: *n* × hash; *n* × chain (16); *n* × type (text); *n* × circle (text) and epoch (hash); *n* × seq (8), note
///   and file (links); *n* × (*n* × hash) (lists).
/// - `entries`: *n* ×, in the order of the readable names of `log`: note hash; the pool's numbers (4 each) of signer, type,
///   author, chain; seq (8); of prev's link and circle, of the last to the same circle and to members; of the lists roster,
///   seen and void; time (8); the circle's number; where the body begins in `bodies` (8) and its length (4); 2 if the
///   head that a `note` embeds was verified; 1 if a manifest follows: record (hash), case, version (8), list of predecessors, origin's author, digest (hash), replaced.
/// - `texts`: pages of about 1 MiB, the texts of one manifest in one page: *n* × record, manifest, layer (1), length of the
///   folded text (4), where the original begins in `originals` (8) and its length (4); then the folded texts.
/// - `originals`, `bodies`: bytes.
final class SealedIndex: Sendable {
  static let layout = 1

  let vault: SHA256Hash
  var basis: SHA256Hash { file.basis }
  let file: IndexFile

  init(_ file: IndexFile, vault: SHA256Hash) {
    self.file = file
    self.vault = vault
  }

  /// The files of `log/` that need not be opened, by name.
  func logNames() throws(IndexFault) -> [IndexNames.LogName] {
    let bytes = try file.page(.log)
    return try IndexNames.decodeLog(bytes.span)
  }

  /// The files of `locks/` that need not be opened, by name.
  func locks() throws(IndexFault) -> [KnownLock] {
    let bytes = try file.page(.locks)
    return try IndexNames.decodeLocks(bytes.span)
  }

  /// The records, as the last run listed them.
  func rows() throws(IndexFault) -> [IndexRow] {
    let bytes = try file.page(.rows)
    return try IndexNames.decodeRows(bytes.span)
  }

  /// All that is known of `log/`. What the entries say stays in the file until somebody looks.
  func log() throws(IndexFault) -> [KnownEntry] { try log(IndexBodies(file)) }

  /// Everything, for an index that is to be extended.
  func contents() throws(IndexFault) -> IndexContents {
    var contents = IndexContents(vault: vault, basis: basis)
    contents.log = try log(IndexBodies(file, loaded: try file.page(.bodies)))
    contents.locks = try locks()
    contents.rows = try rows()
    contents.texts = try texts()
    return contents
  }

  private func log(_ bodies: IndexBodies) throws(IndexFault) -> [KnownEntry] {
    let names = try logNames()
    var bytes = try file.page(.pools)
    let pools = try IndexPools(bytes.span)
    bytes = try file.page(.entries)
    let decoded = try IndexEntries.decode(
      bytes.span, pools, vault: vault, bodiesSize: file.size(.bodies), kept: bodies)
    bodies.lie(decoded.bodies)
    var log: [KnownEntry] = []
    log.reserveCapacity(names.count)
    var next = 0
    for name in names {
      guard name.isReadable else {
        log.append(KnownEntry(file: name.file, entry: nil))
        continue
      }
      guard next < decoded.entries.count else { throw .layout(.entries) }
      log.append(KnownEntry(file: name.file, entry: decoded.entries[next]))
      next += 1
    }
    guard next == decoded.entries.count else { throw .layout(.entries) }
    return log
  }

  private func texts() throws(IndexFault) -> [IndexText] {
    var texts: [IndexText] = []
    let originals = try file.page(.originals)
    for number in 0..<file.pages(.texts) {
      let page = try file.page(.texts, number)
      for row in try IndexTexts.rows(page.span, originalsSize: Int64(originals.count)) {
        texts.append(
          IndexText(
            record: row.record, manifest: row.manifest, part: row.part,
            original: Array(originals[Int(row.original.lowerBound)..<Int(row.original.upperBound)]),
            folded: Array(page[row.folded])))
      }
    }
    return texts
  }
}
