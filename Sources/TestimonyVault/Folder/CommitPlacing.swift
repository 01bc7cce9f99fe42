import Platform
import Sodium
import Synchronization

extension Commit {
  /// Puts in place what was staged and makes it durable: in the order of staging, or, where the order tells nothing, on
  /// all cores. No half-written file can come to light, and no file that was there is replaced, but a bad one by a good
  /// copy of what its name says. What could not be put in place is discarded with the commit.
  func place(inOrder: Bool) throws(VaultError) {
    let staged = state.withLock { $0.staged }
    let placed = Mutex<Set<Int>>([])
    defer {
      let done = placed.withLock { $0 }
      state.withLock { state in
        state.staged = staged.indices.filter { !done.contains($0) }.map { staged[$0] }
        state.placed += done.count
      }
    }
    var failure: VaultError?
    do {
      try Parallel.forEach(staged.indices, workers: inOrder ? 1 : nil) { (index) throws(VaultError) in
        try place(staged[index])
        placed.withLock { _ = $0.insert(index) }
      }
    } catch { failure = error }
    // What is in place is made durable, also where the rest failed.
    let touched = state.withLock { state in
      defer { state.touched = [:] }
      return state.touched
    }
    do {
      switch durability {
      case .each: for (_, folder) in touched { try folder.sync() }
      case .together: if !touched.isEmpty { try vault.root.syncFileSystem() }
      }
    } catch { throw failure ?? .system(error, at: "vault") }
    if let failure { throw failure }
  }

  /// Removes again what this commit itself put in place, where the entries that it was for did not come to be. Where a
  /// public text is among it, all stays: it may have been carried away already, and it rests on the rest.
  /// - Returns: whether it was removed.
  func takeBack() -> Bool {
    let made = state.withLock { state in
      defer { state.made = [] }
      return state.made
    }
    if made.contains(where: { $0.open?.isSigned ?? false }) { return false }
    for one in made where one.open == nil { try? one.final.remove(one.name) }
    return true
  }

  private func place(_ one: Staged) throws(VaultError) {
    do {
      if try one.folder.renameWithoutReplacing(one.temporary, to: one.name, in: one.final) {
        state.withLock { $0.made.append(one) }
      } else {
        try meet(one)
      }
    } catch { throw .system(error, at: one.place) }
    state.withLock { state in
      state.touched[one.place.parent] = one.final
      if one.folder !== one.final { state.touched[one.place.parent.parent] = one.folder }
    }
  }

  /// A file of that name is there. If it is good, ours is the same; if it is bad, ours takes its place, two seconds
  /// younger, so that tools which compare size and time notice.
  private func meet(_ one: Staged) throws(SystemError) {
    let there = try? one.final.openForReading(one.name)
    if let there, (try? FileHash.of(there)) == one.hash {
      try one.folder.remove(one.temporary)
      return
    }
    let copy = try one.folder.openForReading(one.temporary)
    _ = copy.setModificationTime(seconds: Self.time + 2)
    try copy.sync()
    try one.folder.rename(one.temporary, to: one.name, in: one.final)
  }
}

extension String {
  /// The path without its last component.
  fileprivate var parent: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(self[..<slash])
  }
}
