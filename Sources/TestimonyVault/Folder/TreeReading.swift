import Platform
import Publishing
import Record
import Sodium

/// One reading of `tree/`.
struct TreeReading {
  private struct NamesFile {
    let number: Int
    let name: PathBytes
    let hash: SHA256Hash

    var place: String { "tree/\(name)" }
  }

  private let folder: Directory
  private var builder: TreeRecord.Builder
  private var namesFiles: [Int: [NamesFile]] = [:]
  /// How many files of checkpoints of one number lie there, whether they hold or not.
  private var checkpointFiles: [Int: Int] = [:]
  private var damaged: [Place] = []
  private var foreign: [Place] = []
  private var temporary: [Place] = []
  private var waiting: [PathBytes] = []
  private var superfluous: [PathBytes] = []

  init(_ folder: Directory, _ open: PublicRecord) {
    self.folder = folder
    builder = TreeRecord.Builder(open)
  }

  mutating func finish() -> TreeListing {
    TreeListing(
      record: builder.finish(), damaged: damaged, foreign: foreign,
      temporary: temporary + (waiting + superfluous).map { Place("tree/\($0)") }, waiting: waiting,
      superfluous: superfluous)
  }

  mutating func read(_ name: PathBytes) throws(VaultError) {
    let place = "tree/\(name)"
    if name.bytes.starts(with: VaultFolder.temporaryPrefix) { return temporary.append(Place(place)) }
    switch TreeFile(name) {
    case nil: foreign.append(Place(place))
    case .names(let number, let hash)?:
      namesFiles[number, default: []].append(NamesFile(number: number, name: name, hash: hash))
    case .checkpoint(let number, let hash)?:
      checkpointFiles[number, default: 0] += 1
      guard let bytes = try contents(name, hash, at: place, atMost: VaultFolder.checkpointLimit) else { return }
      builder.add(checkpoint: FoundNote(place: place, folder: "tree", number: number, bytes: bytes))
    case .gone(let hash)?:
      guard let bytes = try contents(name, hash, at: place, atMost: GoneNote.limit) else { return }
      builder.add(gone: FoundNote(place: place, folder: "tree", number: 0, bytes: bytes))
    }
  }

  /// Reads the names of one checkpoint after another: several files may lie there, and the root tells which is meant.
  mutating func readNames() throws(VaultError) {
    var others: [NamesFile] = []
    var followed = 0
    var found = true
    while found, let next = builder.next() {
      found = false
      for file in namesFiles.removeValue(forKey: next.number) ?? [] {
        if found {
          others.append(file)
        } else if let names = try names(file) {
          found = builder.take(names: names)
          if !found { others.append(file) }
        }
      }
      if found { followed = next.number } else { builder.lackNames() }
    }
    for file in others { try readOther(file, isSettled: file.number <= followed) }
    // Names are put in place before their checkpoint: those of the next one alone are a write that was cut short. Where
    // one of that number is here and does not hold, they are what it meant.
    for file in namesFiles.removeValue(forKey: followed + 1) ?? [] where try names(file) != nil {
      if checkpointFiles[file.number] == nil { waiting.append(file.name) } else { temporary.append(Place(file.place)) }
    }
    // No checkpoint that is here asks for them; they are what their names say, or not.
    for file in namesFiles.values.joined() where try names(file) != nil {
      builder.fault(file.place, .checkpointMissing)
    }
  }

  /// Names that are not those of the checkpoint of their number. They tell nothing where each of them is in the tree or
  /// gone by now, and no other checkpoint of that number is here that could have meant them.
  private mutating func readOther(_ file: NamesFile, isSettled: Bool) throws(VaultError) {
    guard let names = try names(file) else { return }
    if isSettled, checkpointFiles[file.number] == 1, !names.isEmpty, builder.knows(names) {
      superfluous.append(file.name)
    } else {
      builder.fault(file.place, .otherNames)
    }
  }

  private mutating func contents(_ name: PathBytes, _ hash: SHA256Hash, at place: String, atMost limit: Int)
    throws(VaultError) -> [UInt8]?
  {
    do {
      let bytes = try VaultFolder.contents(of: folder.openForReading(name), at: place, atMost: limit)
      if SHA256Hash(of: bytes) == hash { return bytes }
      damaged.append(Place(place))
    } catch { try set(aside: place, error) }
    return nil
  }

  /// The names in a file; nil, and told, where it is damaged, or holds anything else.
  private mutating func names(_ file: NamesFile) throws(VaultError) -> [TreeName]? {
    do {
      if let names = try folder.treeNames(file.name, file.hash) { return names }
      damaged.append(Place(file.place))
    } catch let error as RecordError {
      builder.fault(file.place, .malformed(error))
    } catch { try set(aside: file.place, error) }
    return nil
  }

  /// A socket, a file of another user's, one that went meanwhile: nothing that somebody put there stops the reading.
  private mutating func set(aside place: String, _ error: any Error) throws(VaultError) {
    if Interruption.requested { throw .interrupted }
    if let error = error as? SystemError, error.isNotRegular || error.isLoop {
      foreign.append(Place(place))
    } else {
      damaged.append(Place(place))
    }
  }
}
