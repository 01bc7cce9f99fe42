import TestimonyVault

extension Face {
  /// Seals drafts, with progress.
  func seal(_ drafts: [RecordDraft], _ session: Session) throws -> [SealedRecord] {
    let sources = drafts.flatMap { $0.attachments + $0.identityAttachments }
    let isKnown = sources.allSatisfy { $0.size != nil }
    let total = isKnown ? sources.reduce(0) { $0 + ($1.size ?? 0) } : nil
    let progress = ProgressLine("sealing", face: self)
    defer { progress.end() }
    let counter = Counter()
    return try session.seal(drafts) { one in
      progress.show(done: counter.add(one.added), total: total, of: one.place)
    }
  }

  /// `, 2 attachments, 413 MB`; nothing where there is none.
  static func attachments(of sealed: SealedRecord) -> String {
    sealed.attachments == 0
      ? "" : ", \(Amounts.count(sealed.attachments, "attachment", "attachments")), \(Amounts.bytes(sealed.bytes))"
  }
}
