import Platform
public import Publishing
public import Record
import Sodium

/// What lies in `tree/`: what counts of it, and what does not.
public struct TreeListing: Sendable {
  public let record: TreeRecord
  /// Under a right name, with another content, or larger than such a file can be.
  public fileprivate(set) var damaged: [Place] = []
  public fileprivate(set) var foreign: [Place] = []
  public fileprivate(set) var temporary: [Place] = []

  /// What nothing is signed behind: doubt about the checkpoints, or one that cannot be read.
  public var unclear: Place? {
    if record.isUnclear { return Place("tree") }
    return damagedCheckpoint
  }

  private var damagedCheckpoint: Place? {
    damaged.first { $0.description.utf8.suffix(11).elementsEqual(".checkpoint".utf8) }
  }

  /// Whether the checkpoints end where two of them contradict each other, and nothing else is in doubt up to there: the
  /// founder can say that the ones before hold, by a handover.
  public var endsInFork: Bool {
    damagedCheckpoint == nil && record.faults.contains { $0.fault == .fork }
      && !record.faults.contains { [.namesMissing, .otherPast].contains($0.fault) }
  }
}

extension VaultFolder {
  /// The largest checkpoint, and the largest file of names: some 900,000 of them.
  static let checkpointLimit = 64 << 10
  static let namesLimit = 64 << 20

  /// Reads what lies in `tree/`. Nothing that somebody put there stops the reading.
  public func treeListing(of vault: VaultNote, _ open: PublicRecord) throws(VaultError) -> TreeListing {
    guard let folder = try subfolder(of: root, TreeFile.folder, at: "tree") else {
      var nothing = TreeRecord.Builder(open)
      return TreeListing(record: nothing.finish())
    }
    var reading = TreeReading(folder, open)
    for name in try names(in: folder, at: "tree") { try reading.read(name) }
    try reading.readNames()
    return reading.finish()
  }
}

/// The names in `tree/`.
enum TreeFile: Equatable {
  case checkpoint(number: Int, SHA256Hash)
  case names(number: Int, SHA256Hash)
  case gone(SHA256Hash)

  static let folder: PathBytes = "tree"

  /// Nil where a name does not have the exact form.
  init?(_ name: PathBytes) {
    if let (number, hash) = PublicName.parts(of: name, suffix: ".checkpoint") {
      self = .checkpoint(number: number, hash)
    } else if let (number, hash) = PublicName.parts(of: name, suffix: ".names") {
      self = .names(number: number, hash)
    } else {
      let (bytes, prefix, suffix) = (name.bytes, "gone-".utf8, ".note".utf8)
      guard bytes.count == prefix.count + 64 + suffix.count, bytes.starts(with: prefix),
        bytes.suffix(suffix.count).elementsEqual(suffix), let hash = SHA256Hash(hex: bytes[prefix.count...].prefix(64))
      else { return nil }
      self = .gone(hash)
    }
  }

  /// The name of the file that holds these bytes.
  static func checkpoint(number: Int, bytes: [UInt8]) -> PathBytes {
    PublicName.file(number: number, bytes: bytes, suffix: ".checkpoint")
  }

  static func names(number: Int, bytes: [UInt8]) -> PathBytes {
    PublicName.file(number: number, bytes: bytes, suffix: ".names")
  }

  static func gone(bytes: [UInt8]) -> PathBytes { PathBytes("gone-\(SHA256Hash(of: bytes)).note") }
}

/// One reading of `tree/`.
private struct TreeReading {
  private let folder: Directory
  private var builder: TreeRecord.Builder
  private var namesFiles: [Int: [(name: PathBytes, hash: SHA256Hash)]] = [:]
  private var damaged: [Place] = []
  private var foreign: [Place] = []
  private var temporary: [Place] = []

  init(_ folder: Directory, _ open: PublicRecord) {
    self.folder = folder
    builder = TreeRecord.Builder(open)
  }

  mutating func finish() -> TreeListing {
    TreeListing(record: builder.finish(), damaged: damaged, foreign: foreign, temporary: temporary)
  }

  mutating func read(_ name: PathBytes) throws(VaultError) {
    let place = "tree/\(name)"
    if name.bytes.starts(with: VaultFolder.temporaryPrefix) { return temporary.append(Place(place)) }
    switch TreeFile(name) {
    case nil: foreign.append(Place(place))
    case .names(let number, let hash)?: namesFiles[number, default: []].append((name, hash))
    case .checkpoint(let number, let hash)?:
      guard let bytes = try contents(name, hash, at: place, atMost: VaultFolder.checkpointLimit) else { return }
      builder.add(checkpoint: FoundNote(place: place, folder: "tree", number: number, bytes: bytes))
    case .gone(let hash)?:
      guard let bytes = try contents(name, hash, at: place, atMost: GoneNote.limit) else { return }
      builder.add(gone: FoundNote(place: place, folder: "tree", number: 0, bytes: bytes))
    }
  }

  /// Reads the names of one checkpoint after another: several files may lie there, and the root tells which is meant.
  mutating func readNames() throws(VaultError) {
    var found = true
    var followed = 0
    while found, let next = builder.next() {
      found = false
      for file in namesFiles.removeValue(forKey: next.number) ?? [] {
        let names = try names(file.name, file.hash, atMost: builder.expected())
        guard let names else { continue }
        if !found, builder.take(names: names) {
          found = true
        } else {
          builder.fault("tree/\(file.name)", .otherNames)
        }
      }
      if found { followed = next.number } else { builder.lackNames() }
    }
    // Names are put in place before their checkpoint: those of the next one alone are a write that was cut short.
    for file in namesFiles.removeValue(forKey: followed + 1) ?? [] {
      if try names(file.name, file.hash, atMost: .max) != nil { temporary.append(Place("tree/\(file.name)")) }
    }
    // No checkpoint that is here asks for them; they are what their names say, or not.
    for file in namesFiles.values.joined() {
      if try names(file.name, file.hash, atMost: .max) != nil { builder.fault("tree/\(file.name)", .checkpointMissing) }
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

  /// The names in a file, read in pieces; nil where it is damaged, or holds anything else, or more than `limit`.
  private mutating func names(_ name: PathBytes, _ hash: SHA256Hash, atMost limit: Int) throws(VaultError)
    -> [TreeName]?
  {
    let place = "tree/\(name)"
    var parser = TreeNames(atMost: limit)
    var fault: RecordError?
    do {
      let descriptor = try folder.openForReading(name)
      guard try descriptor.status().size <= UInt64(VaultFolder.namesLimit) else {
        damaged.append(Place(place))
        return nil
      }
      let content = try FileHash.of(descriptor) { bytes in
        if fault == nil { do throws(RecordError) { try parser.add(bytes) } catch { fault = error } }
      }
      guard content == hash else {
        damaged.append(Place(place))
        return nil
      }
      if let fault { throw fault }
      return try parser.finish()
    } catch let error as RecordError { builder.fault(place, .malformed(error)) } catch { try set(aside: place, error) }
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
