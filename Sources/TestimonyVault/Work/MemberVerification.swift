import Age
import Platform
import Publishing
import Record
import Sodium
import Synchronization

extension Session {
  /// What a member can check beside what anyone can: every entry's signature, author, role and addressee; that each
  /// entry's predecessor is here; every record's objects, locks, keys and commitments, as far as this key opens them.
  public func verify(into result: inout Verification) throws(VaultError) {
    result.entries = log.entries.count
    result.records = log.records.count
    result.cases = log.cases.count
    result.chains = Set(log.entries.map { Hex.encode($0.entry.chain) }).count
    result.notForYou = notForYou
    result.findings += damaged.map { Finding(kind: .damaged, place: $0.place, meaning: .damage($0.damage)) }
    for (file, fault) in log.refused {
      // Two signed entries that contradict each other are evidence, not damage; a void one was never acknowledged.
      let kind: Finding.Kind
      switch fault {
      case .contradiction, .late: kind = .fork
      case .void: continue
      default: kind = .damaged
      }
      result.findings.append(Self.finding(kind, log: file, .entry(fault)))
    }
    for file in log.contradicted { result.findings.append(Self.finding(.fork, log: file, .entry(.contradiction))) }
    for (file, fault) in log.chainFaults {
      let kind: Finding.Kind =
        switch fault {
        case .fork, .earlier: .fork
        case .missing: .incomplete
        case .duplicate: .foreign
        }
      result.findings.append(Self.finding(kind, log: file, .chain(fault)))
    }
    try checkLinks(&result)
    try checkPublished(&result)
    try checkLocks(&result)
    try checkRecords(&result)
    checkPolicies(&result)
    try checkShares(&result)
    // A file that is found bad by its name alone is reported once.
    var seen: Set<Place> = []
    result.findings = result.findings.sorted().filter { seen.insert($0.place).inserted }
  }

  private static func finding(_ kind: Finding.Kind, log file: SHA256Hash, _ meaning: Finding.Meaning) -> Finding {
    Finding(kind: kind, place: Place(ObjectPlace(.log, file).description), meaning: meaning)
  }

  /// What others name must be here: by its file's name, or, where only the note is named, among what was opened. A file
  /// that is here and is not for this reader is told from one that is withheld.
  private func checkLinks(_ result: inout Verification) throws(VaultError) {
    let present = Set(try vault.list(.log).objects.map(\.hash))
    for (link, to, _) in log.openLinks {
      if !present.contains(link.file) {
        result.findings.append(Self.finding(.incomplete, log: link.file, .chain(.missing)))
      } else if let to, circles.identity(to) != nil {
        // It was sealed to a circle of this reader's, and what is here did not open as that.
        result.findings.append(Self.finding(.damaged, log: link.file, .chain(.missing)))
      }
    }
    for (note, file) in log.missingNotes {
      let by = ObjectPlace(.log, file).description
      result.findings.append(
        Finding(kind: .incomplete, place: Place("the entry \(note)"), meaning: .missingNote(namedBy: Place(by))))
    }
    for lost in lostHeads {
      let place = ObjectPlace(.log, lost.file).description
      result.findings.append(
        Finding(kind: .fork, place: Place(place), meaning: .wentBack(was: lost.was, now: lost.now)))
    }
  }

  /// What was published is in the open; a text that awaits signatures lies in a sealed object.
  private func checkPublished(_ result: inout Verification) throws(VaultError) {
    if !followsKeys {
      result.findings.append(Finding(kind: .fork, place: Place("public/vault"), meaning: .keysWentBack))
    }
    for one in log.entries where one.entry.type == .publish {
      guard let body = try? PublishBody(one.entry.body) else { continue }
      guard let object = body.object else {
        let id = ThingID(kind: .case, hash: body.caseID)
        if !open.texts.contains(body.text) {
          result.findings.append(
            Finding(
              kind: .incomplete, place: Place("public/\(id.shown())/\(PublicName.prefix(number: body.number))"),
              meaning: .missingText))
        }
        continue
      }
      do { _ = try vault.open(ObjectPlace(.sealed, object)) } catch {
        guard case .missing = error else { continue }
        result.findings.append(
          Finding(
            kind: .incomplete, place: Place(ObjectPlace(.sealed, object).description),
            meaning: .missingObject(ThingID(kind: .case, hash: body.caseID))))
      }
    }
  }

  private func checkLocks(_ result: inout Verification) throws(VaultError) {
    let index = try reader().locks
    result.findings += index.damaged.map { Finding(kind: .damaged, place: $0.place, meaning: .damage($0.damage)) }
    result.findings += index.unsigned.map { Finding(kind: .damaged, place: $0, meaning: .lockSignature) }
  }

  private func checkRecords(_ result: inout Verification) throws(VaultError) {
    let present = Set(try vault.list(.sealed).objects.map(\.hash))
    let erased = try erased().subtracting(present)
    let versions = log.records.sorted { $0.key < $1.key }.flatMap { id, history in
      history.versions.map { (id, $0) }
    }
    let reader = try reader()
    let found = Mutex<[Finding]>([])
    do {
      try Parallel.forEach(0..<versions.count) { number in
        try Interruption.check()
        let (id, version) = versions[number]
        let findings = reader.findings(of: id, version, present, erased)
        found.withLock { $0 += findings }
      }
      try Interruption.check()
    } catch { throw VaultError(error) }
    result.findings += found.withLock { $0 }
  }
}

extension Session {
  /// Objects that are gone on enough publishers' word: their absence is no finding.
  fileprivate func erased() throws(VaultError) -> Set<SHA256Hash> {
    let tree = try vault.treeListing(of: note, open).record
    return Set(tree.gone.filter { $0.value.isEnough && $0.key.folder == .sealed }.map(\.key.hash))
  }
}

extension LayerReader {
  /// What is wrong with one version of a record.
  fileprivate func findings(
    of id: ThingID, _ version: SealedVersion, _ present: Set<SHA256Hash>, _ erased: Set<SHA256Hash>
  ) -> [Finding] {
    var found: [Finding] = []
    func missing(_ object: SHA256Hash) {
      if erased.contains(object) { return }
      found.append(
        Finding(
          kind: .incomplete, place: Place(ObjectPlace(.sealed, object).description), meaning: .missingObject(id)))
    }
    let manifest: Manifest
    do { manifest = try version.checkedManifest() } catch {
      return [
        Finding(
          kind: .damaged, place: Place(ObjectPlace(.log, version.entry.file).description), meaning: .damage(.unreadable)
        )
      ]
    }
    for object in manifest.layers.values where !present.contains(object.object) { missing(object.object) }
    if locks.isEmpty(version.note) {
      found.append(
        Finding(kind: .incomplete, place: Place("the lock file of \(id.shown())"), meaning: .missingLock(id)))
      return found
    }
    for file in locks.found(version.note) {
      guard let damage = damage(of: file, id, version, manifest) else { continue }
      found.append(
        Finding(
          kind: .damaged, place: Place(ObjectPlace(.locks, file.file).description), meaning: .damage(damage)))
    }
    for layer in layers(of: version) {
      guard let object = manifest.layers[layer], present.contains(object.object) else { continue }
      do {
        let opened = try open(layer, of: id, version)
        let objects = opened.compartment.attachments.flatMap(\.parts) + opened.compartment.identityObjects
        for object in objects where !present.contains(object) { missing(object) }
      } catch {
        let place = Place(ObjectPlace(.sealed, object.object).description)
        switch error {
        case .damaged(let place, let damage):
          found.append(Finding(kind: .damaged, place: place, meaning: .damage(damage)))
        case .missing: missing(object.object)
        default: found.append(Finding(kind: .damaged, place: place, meaning: .damage(.unreadable)))
        }
      }
    }
    return found
  }

  /// What is wrong with a lock file, as far as this reader opens its locks: reading passes over one that carries another
  /// key, so nobody else would notice.
  private func damage(
    of file: LockIndex.Found, _ id: ThingID, _ version: SealedVersion, _ manifest: Manifest
  ) -> Damage? {
    guard file.note.subject == .record(id.hash, manifest: version.note) else { return .otherPlace }
    for lock in file.note.locks where circles.holds(lock.to, key) {
      guard case .layer(let layer) = lock.carries else { return .otherKey }
      let own: NativeIdentity? =
        switch lock.to {
        case .circle(let address): circles.identity(address)
        case .member: key.identity
        case .share: nil
        }
      guard let own, let identity = LockedKey.open(lock.file, with: own),
        KeyHash.ofRecipient(identity.recipient.text) == manifest.layers[layer]?.recipient
      else { return .otherKey }
    }
    return nil
  }
}
