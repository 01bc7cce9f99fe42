import Platform
public import Record
import Age
import Sodium
import Synchronization

/// What one record, or one more version of a record, is sealed from. What is missing becomes a dummy, sealed the
/// same way; a large attachment shows by its size.
public struct RecordDraft: Sendable {
  public let caseID: ThingID
  /// The record that this adds a version to; nil for a new one.
  public let amends: ThingID?
  public var summary: JSON = [:]
  public var testimony: JSON = [:]
  public var attachments: [AttachmentSource] = []
  public var identity: JSON = [:]
  public var identityAttachments: [AttachmentSource] = []

  public init(caseID: ThingID, amends: ThingID? = nil) {
    self.caseID = caseID
    self.amends = amends
  }
}

/// What was sealed, for the person who sealed it.
public struct SealedRecord: Sendable {
  public let id: ThingID
  public let version: Int
  public let attachments: Int
  public let bytes: UInt64
}

/// How far sealing has come.
public struct SealingProgress: Sendable {
  public let record: Int
  public let place: String
  /// Bytes read since the last report of this attachment.
  public let added: UInt64
}

/// What the compartments of one version hold.
struct RecordContent: Sendable {
  var summary: JSON = [:]
  var testimony: JSON = [:]
  var attachments: [AttachmentSource] = []
  var identity: JSON = [:]
  var identityAttachments: [AttachmentSource] = []
}

extension RecordDraft {
  var content: RecordContent {
    RecordContent(
      summary: summary, testimony: testimony, attachments: attachments, identity: identity,
      identityAttachments: identityAttachments)
  }
}

extension Session {
  /// Seals records, and further versions of records. All of them are durable together when this returns; before that none
  /// counts.
  public func seal(
    _ drafts: [RecordDraft], progress: @escaping @Sendable (SealingProgress) throws -> Void = { _ in }
  ) throws(VaultError) -> [SealedRecord] {
    try require(.counsel)
    try sealingQuorum()
    return try write(many: drafts.count > 1) { writing in
      let sealing = try RecordSealing(self, writing.objects, many: drafts.count > 1, progress: progress)
      let shared = Mutex(writing)
      let sealed = try sealing.seal(drafts) { one in try shared.withLock { try sealing.sign(one, in: &$0) } }
      writing = shared.withLock { $0 }
      return sealed
    }
  }
}
