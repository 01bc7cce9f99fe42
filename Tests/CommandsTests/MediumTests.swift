import Foundation
import Glibc
import Testing

/// A medium that is read-only, full, or another user's. Needs root for its mounts, and says so where it is not.
@Suite(.serialized, .enabled(if: getuid() == 0 && Medium.canMount, "mounting needs root")) struct MediumTests {
  static let key = ["--as", "aigul", "--passphrase-file", "pw"]

  private func refused(_ outcome: Binary.Outcome, _ code: Int32, _ words: String) {
    #expect(outcome.exit == code, "\(outcome.err)")
    #expect(outcome.sentences(by: "testimony").count == 1, "\(outcome.err)")
    #expect(outcome.hints.count <= 1, "\(outcome.err)")
    #expect(outcome.err.contains(words), "\(outcome.err)")
  }

  @Test func aReadOnlyVaultIsReadAndNotWritten() throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    let vault = folder.url.appendingPathComponent("Vault").path
    try Medium.mount(["--bind", vault, vault])
    defer { Medium.unmount(vault) }
    try Medium.mount(["-o", "remount,bind,ro", vault])
    for verb in [
      ["list"], ["read", office.record], ["verify"], ["status"], ["open", office.record, "1", "-o", "out"],
    ] {
      #expect(try Binary.run(verb + Self.key, in: folder.url).exit == 0, "\(verb)")
    }
    let before = try Folder.tree(folder.url)
    let writing = [
      ["seal", "--case", office.caseID, "--testimony", "statement.txt"], ["case", "new", "--title", "x"],
      ["publish", office.caseID, "--summary", "public.txt", "--confirm", office.caseID],
      ["member", "admit", "Keys/nura.card", "--role", "reviewer", "--confirm", "nura"],
    ]
    for verb in writing {
      refused(try Binary.run(verb + Self.key, in: folder.url), 31, "read-only file system")
      #expect(try Folder.tree(folder.url) == before, "\(verb)")
    }
  }

  @Test func aFullDiskLosesNothingAndKeepsNothingHalfMade() throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    let vault = folder.url.appendingPathComponent("Vault")
    let disk = folder.url.appendingPathComponent("disk")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    try Medium.mount(["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.path])
    defer { Medium.unmount(disk.path) }
    try FileManager.default.moveItem(at: vault, to: disk.appendingPathComponent("Vault"))
    try Data(count: 5_000_000).write(to: folder.url.appendingPathComponent("large.bin"))
    let before = try Folder.tree(disk)
    let place = ["--vault", "disk/Vault", "--keys", "Keys"]
    let sealing = ["seal", "--case", office.caseID, "--testimony", "statement.txt", "--attach", "large.bin"]
    refused(try Binary.run(sealing + place + Self.key, in: folder.url), 31, "no space left")
    #expect(try Folder.tree(disk) == before)
    let verified = try Binary.run(["verify"] + place + Self.key, in: folder.url)
    #expect(verified.exit == 0, "\(verified.out)\(verified.err)")

    // A file that does not fit where it is opened to.
    let whole = try Binary.run(
      ["seal", "--case", office.caseID, "--attach", "large.bin", "--vault", "Second", "--keys", "Keys"] + Self.key,
      in: folder.url)
    #expect(whole.exit == 10)
  }

  @Test func anOpenedFileThatDoesNotFitIsNotThere() throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    try Data(count: 5_000_000).write(to: folder.url.appendingPathComponent("large.bin"))
    let sealed = try Binary.run(
      ["seal", "--case", office.caseID, "--attach", "large.bin"] + Self.key, in: folder.url)
    let disk = folder.url.appendingPathComponent("disk")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    try Medium.mount(["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.path])
    defer { Medium.unmount(disk.path) }
    let record = Office.id("R", in: sealed.out)
    refused(
      try Binary.run(["open", record, "--output", "disk/out"] + Self.key, in: folder.url), 31, "no space left")
    #expect(try Folder.tree(disk).isEmpty)
    // A founding that does not fit leaves neither vault nor keys.
    let filled = disk.appendingPathComponent("filled").path
    _ = try Binary.run(["-c", "head -c 1020000 /dev/zero > \(filled)"], program: "/bin/sh", in: folder.url)
    let founding = ["init", "--as", "marat", "--vault", "disk/Vault", "--keys", "disk/Keys", "--work-factor", "10"]
    refused(try Binary.run(founding + ["--passphrase-file", "pw"], in: folder.url), 31, "no space left")
    let left = try Folder.tree(disk).keys.filter { $0 != "filled" && $0 != "Keys" }
    #expect(left.isEmpty, "\(left)")
  }

  @Test func anotherUsersVaultIsNotAllowed() throws {
    let folder = try Folder()
    let office = try Office.named("hybrid")
    try office.copy(to: folder.url)
    let url = folder.url
    _ = try Binary.run(["-c", "chmod 755 . && chmod -R go-rwx Vault && chmod 644 pw"], program: "/bin/sh", in: url)
    let before = try Folder.tree(url)
    // The build's folder may be closed to others: a copy is run.
    try FileManager.default.copyItem(atPath: Binary.path, toPath: url.appendingPathComponent("testimony").path)
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "\(url.path)/testimony"]
    for verb in [["list"], ["status"], ["verify"], ["show", office.caseID]] {
      refused(try Binary.run(nobody + verb, program: "/usr/bin/setpriv", in: url), 31, "not allowed")
    }
    try FileManager.default.removeItem(atPath: url.appendingPathComponent("testimony").path)
    #expect(try Folder.tree(url) == before)
  }
}

enum Medium {
  struct NotMounted: Error { let said: String }

  static let canMount: Bool = {
    guard let folder = try? Folder() else { return false }
    guard (try? mount(["-t", "tmpfs", "tmpfs", folder.url.path])) != nil else { return false }
    unmount(folder.url.path)
    return true
  }()

  static func mount(_ arguments: [String]) throws {
    let outcome = try Binary.run(arguments, program: "/bin/mount", in: URL(fileURLWithPath: "/"))
    guard outcome.exit == 0 else { throw NotMounted(said: outcome.err) }
  }

  static func unmount(_ path: String) {
    _ = try? Binary.run([path], program: "/bin/umount", in: URL(fileURLWithPath: "/"))
  }
}
