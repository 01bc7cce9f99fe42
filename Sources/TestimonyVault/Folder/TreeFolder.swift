import Platform
public import Publishing
public import Record
import Sodium

/// What lies in `tree/`: what counts of it, and what does not.
public struct TreeListing: Sendable {
  public let record: TreeRecord
  /// Under a right name, with another content, or larger than such a file can be.
  public internal(set) var damaged: [Place] = []
  public internal(set) var foreign: [Place] = []
  /// What has no effect: half-written files, and the names files below.
  public internal(set) var temporary: [Place] = []
  /// Names of the checkpoint that comes next: its run was cut short, or a sync has not brought it yet. The registrar's next
  /// run takes them up.
  var waiting: [PathBytes] = []
  /// Names beside those of a checkpoint that holds, each in the tree or gone by now: a run that was cut short left them,
  /// and a later one could not take them up.
  var superfluous: [PathBytes] = []

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

  /// The names in a file of them; nil where it cannot be read, or is not what its name says.
  func treeNames(_ name: PathBytes) throws(VaultError) -> [TreeName]? {
    guard case .names(_, let hash)? = TreeFile(name), let folder = try subfolder(of: root, TreeFile.folder, at: "tree")
    else { return nil }
    do { return try folder.treeNames(name, hash) } catch {
      if Interruption.requested { throw .interrupted }
      return nil
    }
  }

  /// Removes files of names that have no effect. What cannot be removed now is found again by the next checkpoint.
  func removeTreeNames(_ names: [PathBytes]) {
    guard !names.isEmpty, let folder = try? subfolder(of: root, TreeFile.folder, at: "tree") else { return }
    for name in names { try? folder.remove(name) }
    try? folder.sync()
  }
}

extension Directory {
  /// The names in a file of them, read in pieces; nil where its content is not what its name says.
  /// - Throws: `RecordError` where it holds anything else, `SystemError`.
  func treeNames(_ name: PathBytes, _ hash: SHA256Hash) throws -> [TreeName]? {
    var parser = TreeNames(atMost: .max)
    var fault: RecordError?
    let descriptor = try openForReading(name)
    guard try descriptor.status().size <= UInt64(VaultFolder.namesLimit) else { return nil }
    let content = try FileHash.of(descriptor) { bytes in
      if fault == nil { do throws(RecordError) { try parser.add(bytes) } catch { fault = error } }
    }
    guard content == hash else { return nil }
    if let fault { throw fault }
    return try parser.finish()
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
