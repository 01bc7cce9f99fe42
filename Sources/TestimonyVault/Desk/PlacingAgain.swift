import Platform
import Publishing
import Record
import Sodium

extension Session {
  /// Puts in place again what a run was about to make public that did not come to its end, before anything else is
  /// written: whoever has it already has these bytes.
  /// - Returns: the run's tag, where something was put in place.
  func placeAgain(_ turn: DeviceTurn) throws(VaultError) -> String? {
    var files: [Commit.OpenFile] = []
    for file in seen.placing where try !isOvertaken(file) { files.append(file) }
    if files.isEmpty { return nil }
    let tag = try turn.begin()
    let commit = Commit(in: vault, tag: tag, durability: .each)
    for file in files { try commit.stage(path: file.folder, name: file.name, file.bytes) }
    try commit.place(inOrder: true)
    try reload()
    return tag
  }

  /// Whether something well signed stands where a text would go: the same, or another, beside which it would be a fork.
  private func isOvertaken(_ file: Commit.OpenFile) throws(VaultError) -> Bool {
    if let (number, _) = PublicName.parts(of: file.name), file.folder.last == PathBytes(PublicName.vaultFolder) {
      return open.path.count >= number
    }
    guard case .checkpoint(let number, _)? = TreeFile(file.name) else { return false }
    return try vault.treeListing(of: note, open).record.checkpoints.count >= number
  }
}

extension Commit.OpenFile {
  /// Whether it carries somebody's signature: names only stand beside a checkpoint that does.
  var isSigned: Bool { name.bytes.suffix(6).elementsEqual(".names".utf8) == false }

  /// Whether a second text in its place would contradict it. Of `gone` notes any number may stand side by side; alone, one
  /// would say that a file is gone for another that never came.
  var isPlacedAgain: Bool {
    if !isSigned { return false }
    if case .gone? = TreeFile(name) { return false }
    return true
  }

  var json: JSON {
    [
      "path": .array((folder + [name]).map { .string($0.text) }),
      "bytes": .string(String(decoding: Base64.encode(bytes.span, padded: true), as: UTF8.self)),
    ]
  }

  init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "placing")
    let path = try fields.list("path").compactMap(\.text).map { PathBytes($0) }
    let text = Array(try fields.text("bytes").utf8)
    guard let name = path.last, path.count > 1, let bytes = Base64.decode(text.span, padded: true) else {
      throw .field("placing")
    }
    self.init(folder: Array(path.dropLast()), name: name, bytes: bytes)
  }
}
