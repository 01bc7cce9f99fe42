import Record
import TestimonyVault

/// What was handed in for one record.
struct Materials {
  /// Where it came from, in a batch.
  let label: String?
  var summary: JSON?
  var testimony: JSON?
  var identity: JSON?
  var attachments: [AttachmentSource] = []
  var identityAttachments: [AttachmentSource] = []

  init(label: String?) { self.label = label }

  var isEmpty: Bool {
    summary == nil && testimony == nil && identity == nil && attachments.isEmpty && identityAttachments.isEmpty
  }

  /// The draft, with what is to be written in an editor.
  func draft(in caseID: ThingID, edit: [FormKind], _ face: Face) throws -> RecordDraft {
    var draft = RecordDraft(caseID: caseID)
    draft.summary = try summary ?? (edit.contains(.summary) ? Editing.form(.summary, face) : [:])
    draft.testimony = try testimony ?? (edit.contains(.testimony) ? Editing.form(.testimony, face) : [:])
    draft.identity = try identity ?? (edit.contains(.identity) ? Editing.form(.identity, face) : [:])
    draft.attachments = attachments
    draft.identityAttachments = identityAttachments
    return draft
  }
}
