import Foundation
import Testing

/// What a worker reads whose kit speaks another language, from the program itself.
struct KitLanguageTests {
  /// A kit in a language, in a folder of its own; without one, in that of whoever makes it.
  private static func kit(_ language: String?, _ environment: [String: String] = [:]) throws -> Folder {
    let folder = try Folder()
    try Office.named("classic").copy(to: folder.url)
    let until = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 5_000_000)).prefix(10)
    let made = try Binary.run(
      ["kit", "new", "saule", "--until", "\(until)", "--output", "Kit"] + (language.map { ["--language", $0] } ?? [])
        + ["--kit-passphrase-file", "pw", "--as", "bolat", "--passphrase-file", "pw"], in: folder.url,
      environment: environment)
    #expect(made.exit == 0, "\(made.err)")
    return folder
  }

  private static func run(_ words: [String], _ folder: Folder, _ environment: [String: String] = [:]) throws
    -> Binary.Outcome
  {
    try Binary.run(words + ["--passphrase-file", "pw"], in: folder.url, environment: environment)
  }

  private static let sentences: [(language: String, sealed: String, list: String, check: String)] = [
    ("ru", "запечатано  номер 1, квитанция", "только здесь", "Сверьте слова"),
    ("kk", "мөрленді  нөмірі 1, түбіртегі", "тек осында", "Сөздерді карточкаңыздағымен"),
    ("ug", "پېچەتلەندى  نومۇرى \u{2066}1\u{2069}، تالونى \u{2066}", "پەقەت بۇ يەردە", "سۆزلەرنى كارتىڭىزدىكىسى"),
    ("zh", "已密封  编号 1，回执", "仅在此处", "请把这些词"),
  ]

  @Test(arguments: Self.sentences)
  func theKitSpeaks(_ one: (language: String, sealed: String, list: String, check: String)) throws {
    let folder = try Self.kit(one.language)
    let hostile = "photo\u{202e}gpj.exe"
    try Data("x".utf8).write(to: folder.url.appendingPathComponent(hostile))
    let sealed = try Self.run(["note", "statement.txt", "--attach", hostile, "--remove-original"], folder)
    #expect(sealed.exit == 0, "\(sealed.err)")
    #expect(sealed.out.contains(one.sealed), "\(sealed.out)")
    #expect(sealed.out.contains(#"photo\u{202e}gpj.exe"#), "\(sealed.out)")
    let list = try Self.run(["outbox", "list"], folder)
    #expect(list.out.contains(one.list), "\(list.out)")
    let check = try Self.run(["kit", "check"], folder)
    #expect(check.err.contains(one.check), "\(check.err)")
    let card = try String(contentsOf: folder.url.appendingPathComponent("Kit/card.txt"), encoding: .utf8)
    for said in [sealed, list, check].flatMap({ [$0.out, $0.err] }) + [card] {
      #expect(DirectionTests.isBalanced(said), "\(said.debugDescription)")
      #expect(!said.contains("\u{202e}"), "\(said.debugDescription)")
      // Only what is read from right to left has marks.
      let isMarked = said.unicodeScalars.contains { (0x2066...0x2069).contains($0.value) }
      #expect(!isMarked || one.language == "ug", "\(said.debugDescription)")
    }
    #expect(card.contains("testimony note FILE --source S1 --identity name.txt"))
    #expect(!card.contains("You cannot read them back"))
    #expect(card.split(separator: "\n").count >= 15)
  }

  @Test func theVariableWinsOverTheKit() throws {
    let folder = try Self.kit("ru")
    let chinese = try Self.run(["outbox", "list"], folder, ["TESTIMONY_LANG": "zh_CN.UTF-8"])
    #expect(chinese.out == "还没有密封任何内容\n")
    for unknown in ["en", "C", "tlh"] {
      let english = try Self.run(["outbox", "list"], folder, ["TESTIMONY_LANG": unknown])
      #expect(english.out == "nothing was sealed yet\n")
    }
    // The locale does not, nor does an empty variable.
    let kit = try Self.run(["outbox", "list"], folder, ["TESTIMONY_LANG": "", "LC_ALL": "zh_CN.UTF-8"])
    #expect(kit.out == "ещё ничего не запечатано\n")
  }

  @Test func withoutAWordItSpeaksAsItsMaker() throws {
    for (environment, said) in [
      (["LC_ALL": "ru_RU.UTF-8"], "ещё ничего не запечатано\n"), (["TESTIMONY_LANG": "zh"], "还没有密封任何内容\n"),
      (["LC_ALL": "de_DE.UTF-8"], "nothing was sealed yet\n"),
    ] {
      let folder = try Self.kit(nil, environment)
      #expect(try Self.run(["outbox", "list"], folder, ["LC_ALL": "kk_KZ.UTF-8"]).out == said)
    }
  }

  /// Before the kit is unlocked only the environment can say.
  @Test func theLocaleSpeaksUntilThen() throws {
    let folder = try Self.kit("en")
    let wrong = ["kit", "check", "--passphrase-file", "statement.txt"]
    func said(_ environment: [String: String]) throws -> String {
      try Binary.run(wrong, in: folder.url, environment: environment).err
    }
    #expect(try said([:]) == "testimony: wrong passphrase\n")
    #expect(try said(["LC_ALL": "kk_KZ.UTF-8"]) == "testimony: құпия тіркес қате\n")
    #expect(
      try said(["LC_ALL": "", "LC_MESSAGES": "ru_RU", "LANG": "zh_CN"]) == "testimony: неверная парольная фраза\n")
    #expect(try said(["LC_ALL": "", "LANG": "zh_CN"]) == "testimony: 密码短语错误\n")
    #expect(try said(["LC_ALL": "C", "LANG": "zh_CN"]) == "testimony: wrong passphrase\n")
    let mistyped = try Binary.run(
      ["note", "a", "--edit"], in: folder.url, environment: ["TESTIMONY_LANG": "ru"])
    #expect(mistyped.exit == 64)
    #expect(mistyped.err.hasPrefix("testimony: использование: дайте текст файлом"), "\(mistyped.err)")
  }

  @Test func theObjectIsTheSame() throws {
    let folder = try Self.kit("ug")
    #expect(try Self.run(["note", "statement.txt"], folder).exit == 0)
    func object(_ words: [String], _ language: String) throws -> [String: Any] {
      let said = try Self.run(words + ["--json"], folder, ["TESTIMONY_LANG": language])
      let text = said.out.isEmpty ? said.err : said.out
      #expect(!text.unicodeScalars.contains { (0x2066...0x2069).contains($0.value) || $0 == "\u{200f}" })
      return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    for words in [
      ["kit", "check"], ["outbox", "list"], ["note", "statement.txt", "--dry-run"], ["outbox", "clean"],
    ] {
      let (english, uyghur) = (try object(words, "en"), try object(words, "ug"))
      #expect(NSDictionary(dictionary: english) == NSDictionary(dictionary: uyghur), "\(words)")
    }
    let (english, uyghur) = (try object(["note", "nowhere"], "en"), try object(["note", "nowhere"], "ug"))
    #expect(Set(english.keys) == Set(uyghur.keys) && english["exit"] as? Int == uyghur["exit"] as? Int)
    #expect((english["error"] as? [String: Any])?["what"] as? String == "nowhere: there is no such file")
    #expect((uyghur["error"] as? [String: Any])?["what"] as? String != "nowhere: there is no such file")
  }

  @Test func anUnknownLanguageIsRefusedWithTheFive() throws {
    let folder = try Folder()
    try Office.named("classic").copy(to: folder.url)
    for code in ["xx", "RU", "ru_RU.UTF-8", ""] {
      let refused = try Self.run(
        ["kit", "new", "saule", "--until", "2027-01-01", "--language", code, "--as", "bolat"], folder)
      #expect(refused.exit == 64)
      #expect(refused.hints == ["hint: one of: en, ru, kk, ug, zh"], "\(refused.err)")
    }
  }
}
