import Sodium

/// Cards of a paper backup as one page of HTML for printing: complete in itself, without scripts and without anything to
/// fetch, which its policy also forbids; one card on each sheet of paper, in large type.
enum BackupPage {
  static func whole(_ sheets: [BackupSheet]) -> Secret {
    var page = SecretWriter(capacity: 8192 * sheets.count)
    page.append(head)
    for sheet in sheets {
      page.append("<section>\n<h1>\(escaped(sheet.title))</h1>\n<dl>\n")
      for fact in sheet.facts { page.append("<dt>\(escaped(fact.label))</dt><dd>\(escaped(fact.value))</dd>\n") }
      page.append("</dl>\n<p class=\"warning\">\(escaped(sheet.warning))</p>\n<ol>\n")
      sheet.forEachWord { _, word in
        page.append("<li>")
        // Letters from a to z.
        page.append(word)
        page.append("</li>\n")
      }
      page.append("</ol>\n")
      for note in sheet.notes { page.append("<p>\(escaped(note))</p>\n") }
      page.append("</section>\n")
    }
    page.append("</body>\n</html>\n")
    return page.finish()
  }

  /// Text as it stands between tags and inside quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The policy names the style by its hash: nothing else is applied, and nothing is fetched.
  private static var head: String {
    let digest = SHA256Hash(of: Array(style.utf8)).bytes
    let hash = String(decoding: Base64.encode(digest.span, padded: true), as: UTF8.self)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-\(hash)'">
      <meta name="referrer" content="no-referrer">
      <title>Cards</title>
      <style>\(style)</style>
      </head>
      <body>

      """
  }

  private static let style = """

    @page { margin: 15mm }
    body { margin: 0 auto; max-width: 180mm; font: 13pt/1.35 serif; color: black; background: white }
    section { break-after: page; break-inside: avoid; padding: 6mm 0 }
    section:last-of-type { break-after: auto }
    h1 { font-size: 18pt; margin: 0 0 4mm }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 1mm 6mm; margin: 0 0 4mm }
    dt { font-style: italic }
    dd { margin: 0; font-family: monospace }
    ol { columns: 3; font: bold 16pt/1.5 monospace; padding-left: 3em; border: 1pt solid; padding-block: 4mm }
    .warning { font-weight: bold }

    """
}
