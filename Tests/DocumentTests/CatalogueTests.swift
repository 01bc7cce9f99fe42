import Foundation
import Testing

/// `Scripts/catalogue --check`: sources, `.po` files and tables agree, and it sees where they do not.
struct CatalogueTests {
  private func check(_ root: URL) throws -> Project.Result {
    let folder = try Folder()
    return try Project.run(
      ["python3", root.appending(path: "Scripts/catalogue").path, "--check"], in: folder.url)
  }

  @Test func sourcesFilesAndTablesAgree() throws {
    let result = try check(Project.root)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasSuffix(" keys, 4 languages, 0 faults\n"))
  }

  @Test(arguments: [
    ("Catalogue/Languages/ru.po", "номер %1, квитанция %2", "номер %1, квитанция", "other arguments"),
    ("Catalogue/Languages/zh.po", "msgstr \"仅在此处\"", "msgstr \"\"", "not translated: 'only here'"),
    ("Catalogue/Languages/ug.po", "msgstr \"پەقەت", "msgstr \"\u{200f}پەقەت", "a mark of direction"),
    ("Catalogue/Languages/kk.po", "plural=(n != 1);", "plural=(n > 1);", "the header must say Plural-Forms"),
    ("Catalogue/Kazakh.swift", "тек осында", "осында", "Kazakh.swift is not what the sources ask for"),
    ("Field/OutboxList.swift", "Message(\"only here\")", "Message(\"only there\")", "not translated: 'only there'"),
  ])
  func itSees(_ file: String, _ old: String, _ new: String, _ fault: String) throws {
    let folder = try Folder()
    let commands = folder.url.appending(path: "Sources/Commands")
    for path in ["Scripts", "Sources"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: path), withIntermediateDirectories: false)
    }
    for path in ["Scripts/catalogue", "Sources/Commands"] {
      try FileManager.default.copyItem(at: Project.root.appending(path: path), to: folder.url.appending(path: path))
    }
    let target = commands.appending(path: file)
    let text = try String(contentsOf: target, encoding: .utf8)
    try #require(text.contains(old))
    try text.replacingOccurrences(of: old, with: new).write(to: target, atomically: false, encoding: .utf8)
    let result = try check(folder.url)
    #expect(result.status == 1)
    #expect(result.errors.contains(fault), "\(result.errors)")
  }
}
