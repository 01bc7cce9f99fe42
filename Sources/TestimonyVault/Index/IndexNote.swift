import Record
import Sodium

/// The note in front of an index: whose vault, on what it stands, which file it is for, and how long its sections are.
struct IndexNote {
  let vault: SHA256Hash
  let basis: SHA256Hash
  /// SHA-256 of the age header and the payload's nonce of the file that this note is in.
  let file: SHA256Hash
  /// In bytes, in the order of the sections; of `texts`, each page.
  let lengths: [(section: IndexSection, lengths: [Int64])]

  init(vault: SHA256Hash, basis: SHA256Hash, file: SHA256Hash, lengths: [(IndexSection, [Int64])]) {
    self.vault = vault
    self.basis = basis
    self.file = file
    self.lengths = lengths.map { (section: $0.0, lengths: $0.1) }
  }

  var json: JSON {
    var sections = JSONObject()
    for (section, lengths) in lengths { sections.append(section.rawValue, .array(lengths.map { .integer($0) })) }
    return [
      "vault": .hash(vault), "layout": .integer(Int64(SealedIndex.layout)), "basis": .hash(basis), "file": .hash(file),
      "sections": .object(sections),
    ]
  }

  init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json)
    vault = try fields.hash("vault")
    guard try fields.integer("layout") == Int64(SealedIndex.layout) else { throw .field("layout") }
    basis = try fields.hash("basis")
    file = try fields.hash("file")
    let sections = try fields.object("sections")
    var lengths: [(section: IndexSection, lengths: [Int64])] = []
    for section in IndexSection.allCases where section != .note {
      var all: [Int64] = []
      for value in try sections.list(section.rawValue) {
        guard let length = value.int, length >= 0, length <= 1 << 48 else { throw .field(section.rawValue) }
        all.append(length)
      }
      guard section == .texts || all.count == 1 else { throw .field(section.rawValue) }
      lengths.append((section, all))
    }
    self.lengths = lengths
  }

  /// Where the sections lie in a plaintext of `size` bytes: each begins at the next multiple of the alignment.
  func places(in size: UInt64) throws(IndexFault) -> [IndexSection: [Range<UInt64>]] {
    var places: [IndexSection: [Range<UInt64>]] = [:]
    let alignment = UInt64(IndexFile.alignment)
    var start = alignment
    for (section, lengths) in lengths {
      for length in lengths {
        let end = start + UInt64(length)
        guard end <= max(size, start) else { throw .layout(section) }
        places[section, default: []].append(start..<end)
        start = (end + alignment - 1) / alignment * alignment
      }
    }
    return places
  }
}
