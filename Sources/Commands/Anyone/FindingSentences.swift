import Publishing
import Record
import TestimonyVault

// The meanings of what `verify` finds.
extension Verify {
  /// What a finding means. Of a checkpoint whose predecessor is not here, the predecessor is named by number.
  static func sentence(_ finding: Finding) -> String {
    let name = finding.place.description
    guard case .tree(.gap) = finding.meaning, name.utf8.starts(with: "tree/".utf8),
      let number = Int(name.dropFirst(5).prefix { $0.isASCII && $0.isNumber }), number > 1
    else { return sentence(finding.meaning) }
    let before = String(number - 1)
    let padded = String(repeating: "0", count: max(0, 4 - before.utf8.count)) + before
    return "the checkpoint before it, tree/\(padded)…, is not here, or does not hold"
  }

  static func sentence(_ meaning: Finding.Meaning) -> String {
    switch meaning {
    case .damage(let damage): Complaint.meaning(damage).description
    case .entry(let fault): sentence(fault)
    case .open(let fault): sentence(fault)
    case .otherSeal: "it is not sealed the way this vault seals: one stanza of its kind"
    case .publicContent: "its content does not match its name, or it cannot be read, or is too large"
    case .chain(let fault): sentence(fault)
    case .missingNote(let by): "an entry that \(by) was written after is not here: withheld, lost, or still arriving"
    case .keysWentBack:
      "the founder's public notes that this device followed are not on the way to the newest: they went back in time, or a succession set them aside"
    case .missingText: "a published text that is not here any more"
    case .wentBack(let was, let now): "its author's chain was at \(was), now at \(now): the vault went back in time"
    case .missingObject(let id): "part of \(id.shown()), and not here"
    case .missingLock(let id): "nothing here opens \(id.shown())"
    case .strayName: "not a file of this vault; left alone"
    case .lockSignature: "a lock file that no counsel's signature stands for"
    case .falseShare(let name):
      "your share in it, which \(name) wrote, is not a good one: tell the others before it is needed"
    case .quorumWentBack: "the quorum that this device last saw in force is not the one here, nor before it"
    case .quorumContested:
      "quorums stand beside each other, and none of them holds before a quorum of the others accepts it"
    case .tree(let fault): sentence(fault)
    case .notHere(let checkpoint): "checkpoint \(checkpoint) covers it, and it is not here"
    case .goneClaimed(let have, let need):
      "not here, and said to be gone by \(have) of the \(need) publishers that are asked for"
    case .successorNotHere: "it took the place of a file that is gone, and is not here itself"
    }
  }

  static func sentence(_ fault: TreeFault) -> String {
    switch fault {
    case .malformed(let error): "a note of the tree that does not count: \(Complaint.reason(error))"
    case .otherName: "a checkpoint under another number"
    case .fork: "two different checkpoints in one place; both are kept, and neither counts"
    case .overruled: "signed by a registrar that it does not belong to any more: it counts for nothing, and is evidence"
    case .gap: "the checkpoint before it is not here, or does not hold"
    case .namesMissing: "the names that it added are not here: it cannot be checked"
    case .checkpointMissing: "names of a checkpoint that is not here"
    case .otherNames: "names that do not make the tree of the checkpoint of that number"
    case .otherPast: "its tree does not begin with the one that the founder stated for a former registrar"
    case .endMissing: "the checkpoint at which a former registrar ended is not here: fetch it from another copy"
    }
  }

  static func sentence(_ fault: EntryFault) -> String {
    switch fault {
    case .malformed(let error): "an entry that is refused: \(Complaint.reason(error))"
    case .otherVault: "an entry of another vault"
    case .otherAudience: "an entry that was not addressed to the circle whose key opened it"
    case .unknownAuthor: "an entry whose author is no member"
    case .signature: "an entry whose signature is not its author's"
    case .role: "an entry whose author does not have the role for it"
    case .contradiction:
      "an entry that contradicts another one: a name, key or number that is taken, or its author's own word"
    case .unknownCase: "a record of a case that no entry opened"
    case .unknownRecord: "it rests on a record or version that no entry sealed"
    case .unknownKit: "it concerns a field device that no entry that counts names"
    case .unknownRequest: "it answers a request, or takes on a policy, that no entry that counts has made"
    case .late:
      "late: its author was suspended, removed or replaced, and it is not among the entries that count"
    case .void: "its author declared, after an interrupted write, that it never came to be"
    }
  }

  static func sentence(_ fault: ChainFault) -> String {
    switch fault {
    case .fork: "a fork: its author signed another entry for the same place, or none there; both are kept"
    case .missing: "an entry that others follow is not here: withheld, lost, or still arriving"
    case .duplicate: "a second seal of an entry that is here in another file; it counts once"
    case .earlier: "it claims a time more than a day before that of the entry before it"
    }
  }

  static func sentence(_ fault: PublicFault) -> String {
    switch fault {
    case .malformed(let error): "a public note that does not count: \(Complaint.reason(error))"
    case .tooFewPublishers(let have, let need): "signed by \(have) of the \(need) publishers that are asked for"
    case .fork: "two different texts in one place; both are kept"
    case .gap: "the text before it is not here"
    case .superseded: "signed behind a note that a succession has overtaken: it counts for nothing, and is evidence"
    case .otherName: "a public note in the folder of another case, or under another number"
    }
  }
}
