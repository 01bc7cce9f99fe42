import Record
import Sodium
import Testing

struct ManifestTests {
  let origin = Origin(author: Sample.hash("author"), nonce: .random())

  @Test func aManifestReadsBack() throws {
    let manifest = try Sample.manifest(origin, caseID: Sample.hash("case"))
    let read = try Manifest(manifest.json(vault: Sample.vault), vault: Sample.vault)
    #expect(read.json(vault: Sample.vault) == manifest.json(vault: Sample.vault))
    #expect(read.layers == manifest.layers && read.commitments == manifest.commitments)
  }

  @Test func theIdFollowsFromTheOriginAndTheVault() throws {
    let manifest = try Sample.manifest(origin, caseID: Sample.hash("case"))
    let json = manifest.json(vault: Sample.vault)
    #expect(throws: RecordError.origin) { try Manifest(json, vault: Sample.record) }
  }

  @Test func theRootFollowsFromTheCommitments() throws {
    let json = try Sample.manifest(origin, caseID: Sample.hash("case")).json(vault: Sample.vault)
    let members = try #require(json.members)
    let wrong = JSON.object(
      JSONObject(members.map { ($0.key, $0.key == "root" ? .string(Sample.hash("x").description) : $0.value) }))
    #expect(throws: RecordError.commitment) { try Manifest(wrong, vault: Sample.vault) }
  }

  @Test func locksReadBack() throws {
    for subject in [LocksNote.Subject.record(Sample.record, manifest: Sample.hash("m")), .member(Sample.hash("p"))] {
      let note = LocksNote(
        vault: Sample.vault, author: Sample.hash("a"), subject: subject,
        locks: [
          LocksNote.Lock(carries: .layer(.summary), to: .circle(Sample.address), file: [1, 2, 3]),
          LocksNote.Lock(carries: .circle(Sample.address), to: .member(Sample.hash("p")), file: Array(0...255)),
        ])
      let read = try LocksNote(note.json)
      #expect(read.subject == subject && read.locks == note.locks && read.author == note.author)
    }
  }

  @Test func compartmentsReadBackWithTheirPadding() throws {
    for layer in Layer.allCases {
      let attachment = Attachment(
        name: "../x\ny", rawName: [0xff], mediaType: "image/png", length: 3, content: Sample.hash("abc"),
        parts: [Sample.hash("part")])
      let compartment = Compartment(
        vault: Sample.vault, record: Sample.record, version: 1, layer: layer, fields: ["a": ["b", "c"]],
        attachments: layer == .summary ? [] : [attachment],
        identityObjects: layer == .testimony ? [Sample.hash("i")] : [])
      let bare = compartment.json.printed()
      let padded = bare + [UInt8](repeating: 0x20, count: 100)
      let read = try Compartment(parsing: padded.span)
      #expect(read.json == compartment.json)
      let committed = Compartment.committed(in: padded.span)
      #expect(committed.length == UInt64(bare.count) && committed.content == SHA256Hash(of: bare))
    }
  }
}
