import Age
import Platform
import Record
import Sodium

// What a field device proves: that it is blind, and that what it sealed is what was handed in.
extension FieldKit {
  /// Tries this kit's key on everything in its outbox.
  public func proveBlindness() throws(VaultError) -> (tried: Int, opened: Int, missing: [String]) {
    var (tried, opened) = (0, 0)
    let places = try files.list(.sealed).objects
    for place in places {
      let descriptor = try files.open(place)
      do {
        tried += 1
        let size = try descriptor.status().size
        _ = try SeekableReader(fileSize: size, with: [key.identity]) { offset, span in
          try descriptor.read(at: offset, into: &span)
        }
        opened += 1
      } catch AgeError.noMatch { continue } catch let error as SystemError {
        throw .system(error, at: place.description)
      } catch { continue }
    }
    let here = Set(places.map(\.hash))
    let missing = held.flatMap { [$0.file] + $0.files }.filter { !here.contains($0) }
    return (tried, opened, missing.map { ObjectPlace(.sealed, $0).description })
  }

  /// Removes the originals of a drop's attachments. Each is read back from the disk, opened with the key that is still in
  /// memory, and compared first; where one differs, all stay. Where an earlier run had sealed the beginning, its key is
  /// gone, and the attachments of the testimony stay.
  public func removeOriginals(
    of sealed: SealedDrop, _ draft: NoteDraft
  ) throws(VaultError) -> (removed: [String], kept: [String]) {
    let identity = zip(sealed.identityAttachments, draft.identityAttachments).map { ($0, $1, sealed.keys.identity) }
    let testimony = sealed.keys.testimony.map { key in
      zip(sealed.attachments, draft.attachments).map { ($0, $1, key) }
    }
    let kept = testimony == nil ? draft.attachments.map(\.place) : []
    let pairs = (testimony ?? []) + identity
    for (attachment, source, key) in pairs {
      guard try content(of: attachment, with: key) == attachment.content,
        try contentNow(of: source) == attachment.content
      else { throw .kit(.notAsSealed(source.place)) }
    }
    var removed: [String] = []
    for (_, source, _) in pairs {
      guard let path = source.path else { continue }
      do {
        let folder = try Directory.open(path.parent)
        try folder.remove(path.last)
        try folder.sync()
      } catch { throw VaultError(error) }
      removed.append(source.place)
    }
    return (removed, kept)
  }

  private func content(of attachment: Attachment, with key: NativeIdentity) throws(VaultError) -> SHA256Hash {
    var hasher = SHA256Hasher()
    var left = attachment.length
    do {
      for part in attachment.parts {
        let place = ObjectPlace(.sealed, part)
        let descriptor = try files.open(place)
        // Past the cache, as far as the system does it: the medium is asked.
        descriptor.dropCache()
        let reader = try SeekableReader(fileSize: descriptor.status().size, with: [key]) { offset, span in
          try descriptor.read(at: offset, into: &span)
        }
        var offset: UInt64 = 0
        while left > 0 {
          try Interruption.check()
          var bytes = try reader.read(at: offset, count: 1 << 20)
          if bytes.isEmpty { break }
          let count = min(left, UInt64(bytes.count))
          hasher.update(bytes.span.extracting(first: Int(count)))
          bytes.wipe()
          offset += UInt64(count)
          left -= count
        }
      }
    } catch { throw VaultError(error) }
    return hasher.finalize()
  }

  private func contentNow(of source: AttachmentSource) throws(VaultError) -> SHA256Hash {
    do { return try FileHash.of(source.open()) } catch { throw VaultError(error) }
  }
}
