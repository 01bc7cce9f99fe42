import Testing

@testable import Commands

struct CatalogueTests {
  static let translated = Language.allCases.filter { $0 != .english }

  @Test func everyTableHasTheSameKeys() {
    let russian = Catalogue.table(of: .russian)
    #expect(russian.count > 200)
    for language in Self.translated {
      #expect(Set(Catalogue.table(of: language).keys) == Set(russian.keys), "\(language)")
    }
  }

  @Test func everyFormIsThere() {
    let counts: [Language: Int] = [.russian: 3, .kazakh: 2, .uyghur: 2, .chinese: 1]
    for language in Self.translated {
      let table = Catalogue.table(of: language)
      #expect(table["%1 note"]?.count == counts[language])
      for (key, forms) in table {
        #expect(forms.count == 1 || forms.count == counts[language], "\(key)")
        #expect(forms.allSatisfy { !$0.isEmpty }, "\(key)")
      }
    }
  }
}
