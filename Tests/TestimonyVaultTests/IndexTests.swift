import Age
import Foundation
import Platform
import Record
import Sodium
import Testing

@testable import TestimonyVault

struct IndexTests {
  /// A folder with one key, and an index store for it.
  final class Home {
    let folder: URL
    let key: MemberKey
    let vault = SHA256Hash(of: Array("a vault".utf8))

    init(_ kind: KeyKind = .classic) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "index-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      key = MemberKey.make(try PersonName("dana"), kind: kind, vault: vault)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func store(_ other: MemberKey? = nil, vault: SHA256Hash? = nil) throws -> IndexStore {
      IndexStore(
        keys: try KeyFolder(opening: PathBytes(folder.path)), key: other ?? key, vault: vault ?? self.vault)
    }

    var file: URL { folder.appending(path: "dana.index") }

    /// Seals a plaintext that somebody else made up to this member.
    func put(_ plaintext: [UInt8], to key: MemberKey? = nil) throws {
      try Data(AgeFile.seal(plaintext.span, to: [(key ?? self.key).identity.recipient])).write(to: file)
    }

    func plaintext() throws -> [UInt8] {
      let file = [UInt8](try Data(contentsOf: file))
      let text = try AgeFile.open(file.span, with: [key.identity])
      return text.bytes.copy()
    }
  }

  struct NoBodies: KeptBodies { func body(_ number: Int) -> [UInt8]? { nil } }

  private func same(_ one: IndexedEntry, _ other: IndexedEntry) throws -> Bool {
    let (left, right) = (try one.entry.json().printed(), try other.entry.json().printed())
    return left == right && one.note == other.note && one.signer == other.signer && one.manifest == other.manifest
      && one.isBorneOut == other.isBorneOut
  }

  @Test(arguments: [0, 1, 40])
  func whatWasWrittenIsRead(size: Int) throws {
    let home = try Home()
    for seed in 0..<8 {
      var sample = IndexSample(seed: UInt64(seed), vault: home.vault)
      let contents = sample.contents(size)
      try home.store().write(contents)
      let index = try home.store().open(basis: contents.basis)
      let log = contents.log.sorted { $0.file < $1.file }
      #expect(try index.logNames() == log.map { IndexNames.LogName(file: $0.file, isReadable: $0.entry != nil) })
      #expect(try index.locks() == contents.locks.sorted { $0.file < $1.file })
      #expect(try index.rows() == contents.rows)
      let read = try index.contents()
      // Bodies all at once, and each when somebody looks.
      for entries in [read.log, try index.log()] {
        #expect(entries.map(\.file) == log.map(\.file))
        for (before, after) in zip(log, entries) {
          guard let one = before.entry, let other = after.entry else {
            #expect(before.entry == nil && after.entry == nil)
            continue
          }
          #expect(try same(one, other))
        }
      }
      #expect(Set(read.texts.map(\.original)) == Set(contents.texts.map(\.original)))
      // What was read is written as the same again.
      let first = try home.plaintext()
      try home.store().write(read)
      let second = try home.plaintext()
      #expect(second.dropFirst(IndexFile.alignment) == first.dropFirst(IndexFile.alignment))
      #expect(UInt64(first.count) == Padme.padded(UInt64(first.count)))
    }
  }

  @Test func anIndexThatDoesNotCountIsRefusedForItsReason() throws {
    let home = try Home()
    var sample = IndexSample(seed: 1, vault: home.vault)
    #expect(throws: IndexFault.none) { try home.store().open(basis: sample.hash()) }
    let contents = sample.contents(5)
    try home.store().write(contents)
    #expect(throws: IndexFault.otherBasis) { try home.store().open(basis: sample.hash()) }
    #expect(throws: IndexFault.otherVault) { try home.store(vault: sample.hash()).open(basis: contents.basis) }
    let stranger = MemberKey.make(try PersonName("dana"), kind: .classic, vault: home.vault)
    #expect(throws: IndexFault.age(.noMatch)) { try home.store(stranger).open(basis: contents.basis) }
    try home.store().drop()
    #expect(throws: IndexFault.none) { try home.store().open(basis: contents.basis) }
    try FileManager.default.createSymbolicLink(at: home.file, withDestinationURL: home.folder)
    #expect(throws: IndexFault.self) { try home.store().open(basis: contents.basis) }
  }

  /// Whoever has a member's card can seal to it. An index is believed, so it must be its owner's own.
  @Test func nobodyElseMakesAnIndex() throws {
    let home = try Home()
    var sample = IndexSample(seed: 2, vault: home.vault)
    let contents = sample.contents(9)
    try home.store().write(contents)
    // The owner's own content in a file that another sealed, with the rest as he wants it.
    var plaintext = try home.plaintext()
    try home.put(plaintext)
    #expect(throws: IndexFault.otherFile) { try home.store().open(basis: contents.basis) }
    plaintext[IndexFile.alignment + 40] ^= 1
    try home.put(plaintext)
    #expect(throws: IndexFault.otherFile) { try home.store().open(basis: contents.basis) }
    // Another's whole index, sealed to the owner.
    let other = MemberKey.make(try PersonName("mallory"), kind: .classic, vault: home.vault)
    let forger = MemberKey(
      name: home.key.name, identity: home.key.identity, signing: other.signing, publisher: other.publisher,
      registrar: other.registrar, founder: other.founder, vault: home.vault)
    try home.store(forger).write(contents)
    #expect(throws: IndexFault.note(.signature)) { try home.store().open(basis: contents.basis) }
  }

  /// A part of the file is damaged: what lies there is refused, and everything else is as it was.
  @Test func aFlippedBitIsRefusedWhereItLies() throws {
    let home = try Home()
    var sample = IndexSample(seed: 5, vault: home.vault)
    var contents = sample.contents(0)
    for _ in 0..<40 { contents.log.append(KnownEntry(file: sample.hash(), entry: sample.entry())) }
    contents.texts = [sample.text(sample.hash(), sample.hash(), .summary, 40)]
    try home.store().write(contents)
    let whole = [UInt8](try Data(contentsOf: home.file))
    var refused = 0
    for _ in 0..<120 {
      var file = whole
      let place = Int.random(in: 0..<file.count, using: &sample.random)
      file[place] ^= 1 << UInt8.random(in: 0...7, using: &sample.random)
      try Data(file).write(to: home.file)
      do {
        let index = try home.store().open(basis: contents.basis)
        let read = try index.contents()
        // The padding behind the last section is read by nobody, but for its last chunk.
        #expect(read.log.map(\.file) == contents.log.map(\.file).sorted())
      } catch is IndexFault { refused += 1 }
    }
    #expect(refused > 80)
    for count in [0, 1, 200, whole.count / 2, whole.count - 1] {
      try Data(whole.prefix(count)).write(to: home.file)
      #expect(throws: IndexFault.self) { try home.store().open(basis: contents.basis) }
    }
  }

  /// Parts that are authentic and of another form (a later program's, a fault of this one's): an error, never a crash,
  /// and never more memory than the bytes are worth.
  @Test func anyBytesInAnySectionAreReadOrRefused() throws {
    let vault = SHA256Hash(of: [1])
    var sample = IndexSample(seed: 7, vault: vault)
    var refused = 0
    for round in 0..<6000 {
      let contents = sample.contents(3)
      let entries = try IndexEntries(encoding: contents.log)
      let texts = IndexTexts(encoding: contents.texts)
      var parts: [[UInt8]] = [
        IndexNames.encode(log: contents.log.sorted { $0.file < $1.file }),
        IndexNames.encode(locks: contents.locks.sorted { $0.file < $1.file }), IndexNames.encode(rows: contents.rows),
        entries.pools.encoded(), entries.rows.output, texts.pages.first ?? [0, 0, 0, 0],
      ]
      if round > 20 {
        let part = Int.random(in: 0..<parts.count, using: &sample.random)
        switch Int.random(in: 0..<4, using: &sample.random) {
        case 0: parts[part].removeLast(min(parts[part].count, Int.random(in: 1...40, using: &sample.random)))
        case 1: parts[part] += sample.bytes(3)
        case 2: parts[part] = sample.bytes(60)
        default:
          for _ in 0..<3 where !parts[part].isEmpty {
            let place = Int.random(in: 0..<parts[part].count, using: &sample.random)
            parts[part][place] = sample.pick([0, 1, 0x7F, 0x80, 0xFF])
          }
        }
      }
      do {
        try read(parts, vault, bodies: entries.bodies.count, originals: texts.originals.count)
      } catch {
        refused += 1
        #expect(round > 20)
      }
    }
    #expect(refused > 3000)
  }

  private func read(_ parts: [[UInt8]], _ vault: SHA256Hash, bodies: Int, originals: Int) throws(IndexFault) {
    let (log, locks, rows) = (parts[0], parts[1], parts[2])
    _ = try IndexNames.decodeLog(log.span)
    _ = try IndexNames.decodeLocks(locks.span)
    _ = try IndexNames.decodeRows(rows.span)
    let (pools, entries, page) = (parts[3], parts[4], parts[5])
    let read = try IndexEntries.decode(
      entries.span, IndexPools(pools.span), vault: vault, bodiesSize: Int64(bodies), kept: NoBodies())
    for place in read.bodies { #expect(place.start + Int64(place.count) <= Int64(bodies)) }
    for row in try IndexTexts.rows(page.span, originalsSize: Int64(originals)) {
      #expect(row.folded.upperBound <= page.count && row.original.upperBound <= Int64(originals))
    }
  }

  @Test func aSearchFindsWhatOneVersionSays() throws {
    let home = try Home()
    let hash = { (text: String) in SHA256Hash(of: Array(text.utf8)) }
    func text(_ record: String, _ manifest: String, _ part: IndexText.Part, _ text: String) -> IndexText {
      IndexText(record: hash(record), manifest: hash(manifest), part: part, original: Array(text.utf8))
    }
    var contents = IndexContents(vault: home.vault, basis: hash("basis"))
    contents.texts = [
      text("R1", "m1", .summary, "A school behind two fences."),
      text("R1", "m1", .testimony, "Сегодня не было хлеба.\nМы стояли у ОГРАЖДЕНИЯ до утра; четырёхсот человек."),
      text("R2", "m2", .summary, "No fence here."), text("R3", "m3", .testimony, "我被审问了四次。围栏的北侧。"),
    ]
    // Enough for several pages.
    let filler = String(repeating: "nothing of interest, ", count: 3000)
    for number in 0..<50 { contents.texts.append(text("F\(number)", "f\(number)", .testimony, filler)) }
    try home.store().write(contents)
    let index = try home.store().open(basis: contents.basis)
    #expect(index.file.pages(.texts) >= 3)

    func search(_ words: String...) throws -> [IndexHit] { try index.search(#require(SearchQuery(words))) }
    #expect(try search("fence").map(\.record.hash).sorted() == [hash("R1"), hash("R2")].sorted())
    // Words in two layers of one version; in two records they are none.
    #expect(try search("fence", "четырехсот").map(\.layer) == [.summary, .testimony])
    #expect(try search("fence", "审问").isEmpty)
    #expect(try search("围栏", "审问").map(\.manifest) == [hash("m3")])
    #expect(try search("interest").count == 50)
    #expect(try search("absent").isEmpty)
    let query = try #require(SearchQuery(["ограждения"]))
    let hit = try #require(try index.search(query).first)
    let found = try #require(try index.excerpts(of: [hit], query).first ?? nil)
    #expect(found.text == "Мы стояли у ОГРАЖДЕНИЯ до утра; четырёхсот человек.")
    // Many, together or in any order: each from its own text.
    let several = try #require(SearchQuery(["fence"]))
    let fences = try index.search(several)
    #expect(try index.excerpts(of: fences, several).map { $0?.text } == fences.map(Self.line(of:)))
    let backwards = Array(fences.reversed())
    #expect(try index.excerpts(of: backwards, several).map { $0?.text } == backwards.map(Self.line(of:)))
    let interest = try #require(SearchQuery(["interest"]))
    let many = try index.excerpts(of: index.search(interest), interest)
    #expect(many.count == 50 && many.allSatisfy { $0?.text.contains("of interest, nothing") ?? false })
  }

  private static func line(of hit: IndexHit) -> String {
    hit.record.hash == SHA256Hash(of: Array("R1".utf8)) ? "A school behind two fences." : "No fence here."
  }

  @Test func theIdentityHasNoText() {
    #expect(IndexText.Part(.identity) == nil)
    #expect(IndexText.Part(rawValue: 3) == nil)
  }

  @Test func changesAreWhatSetsSay() throws {
    var sample = IndexSample(seed: 8, vault: SHA256Hash(of: []))
    for _ in 0..<500 {
      let all = (0..<12).map { _ in sample.hash() }.sorted()
      let known = all.filter { _ in Bool.random(using: &sample.random) }
      let listing = all.filter { _ in Bool.random(using: &sample.random) }
      let changes = NameChanges(known: known, listing: listing)
      #expect(changes.missing == listing.filter { !known.contains($0) })
      #expect(changes.gone == known.filter { !listing.contains($0) })
    }
  }

  @Test func theBasisIsOfAllThatItIsGiven() {
    let epochs = [
      Entry.Address(circle: "members", epoch: SHA256Hash(of: [1])),
      Entry.Address(circle: "counsel", epoch: SHA256Hash(of: [2])),
    ]
    let one = IndexContents.basis(epochs: epochs, others: [SHA256Hash(of: [3])])
    #expect(one == IndexContents.basis(epochs: epochs.reversed(), others: [SHA256Hash(of: [3])]))
    #expect(one != IndexContents.basis(epochs: [epochs[0]], others: [SHA256Hash(of: [3])]))
    #expect(one != IndexContents.basis(epochs: epochs, others: []))
  }

  /// The fast listing and the careful one agree.
  @Test func namesAreTheListingsObjects() throws {
    let sample = try SampleVault(.classic)
    let vault = try sample.vault()
    let log = sample.folder.appending(path: "Vault/log")
    let shelves = try FileManager.default.contentsOfDirectory(atPath: log.path)
    let shelf = try #require(shelves.first)
    let empty = try #require((0..<256).map { Hex.encode([UInt8($0)]) }.first { !shelves.contains($0) })
    let inside = log.appending(path: shelf)
    let other = shelf == "00" ? "01" : "00"
    for name in [
      ".testimony-a-b-1", "x.age", String(repeating: "a", count: 64),
      other + String(repeating: "0", count: 62) + ".age",
      shelf + String(repeating: "F", count: 62) + ".age", shelf + String(repeating: "0", count: 62) + ".agf",
    ] {
      try Data([1]).write(to: inside.appending(path: name))
    }
    // A file where a folder should be.
    try Data([1]).write(to: log.appending(path: empty))
    try Data([1]).write(to: inside.appending(path: shelf + String(repeating: "0", count: 62) + ".age"))
    for kind in ObjectKind.allCases {
      #expect(try vault.names(kind) == vault.list(kind).objects.map(\.hash))
    }
    #expect(try vault.names(.log).count > 1)
  }
}
