import Glibc
import Sodium
import Testing

@testable import Platform

@Suite struct UnnamedFilesTests {
  @Test func aFileHasNoNameUntilItIsGivenOne() throws {
    let scratch = try Scratch()
    let file = try #require(try scratch.directory.createUnnamed())
    try file.write(Array("content".utf8).span)
    #expect(try scratch.directory.names().isEmpty)
    #expect(try scratch.directory.link(file, as: "name") == true)
    #expect(try scratch.read("name") == "content")
    #expect(try scratch.directory.status("name").mode & 0o777 == 0o600)
    // What is there stays.
    let second = try #require(try scratch.directory.createUnnamed())
    #expect(try scratch.directory.link(second, as: "name") == false)
    #expect(try scratch.read("name") == "content")
  }

  @Test func filesMoveBetweenFoldersAndReplaceNothing() throws {
    let scratch = try Scratch()
    #expect(try scratch.directory.makeDirectory("other", synced: false))
    let other = try scratch.directory.directory("other")
    try scratch.write("one", to: "a")
    try scratch.write("two", to: "b")
    #expect(try scratch.directory.renameWithoutReplacing("a", to: "x", in: other))
    #expect(try !scratch.directory.renameWithoutReplacing("b", to: "x", in: other))
    #expect(try scratch.directory.names() == ["b", "other"])
    try scratch.directory.rename("b", to: "x", in: other)
    #expect(try other.names() == ["x"])
    #expect(try text(of: other.openForReading("x")) == "two")
  }

  @Test func aTreeGoesAndLinksAreNotFollowed() throws {
    let scratch = try Scratch()
    try scratch.write("kept", to: "outside")
    _ = try scratch.directory.makeDirectory("tree")
    let tree = try scratch.directory.directory("tree")
    _ = try tree.makeDirectory("inside")
    try tree.directory("inside").create("file").write(Array("gone".utf8).span)
    try makeLink(at: scratch.at("tree/link"), to: scratch.at("outside"))
    try FileSystem.removeTree(PathBytes(scratch.at("tree")))
    #expect(try scratch.directory.names() == ["outside"])
    #expect(try scratch.read("outside") == "kept")
  }
}

private func makeLink(at path: String, to target: String) throws {
  try requireSetup(unsafe symlink(target, path) == 0)
}

private func text(of file: Descriptor) throws -> String {
  String(decoding: try file.readAll(atMost: 100), as: UTF8.self)
}
