/// The forms that `template` prints and `seal`, `amend`, `assess`, `case new` and `publish` read back: the fields are those of FIELDS.md.
public enum FormKind: String, Sendable, CaseIterable {
  case summary, testimony, identity
  /// What a later version adds to a testimony.
  case translation, correction
  /// What a reviewer says of a record.
  case assessment
  /// What members read about a case.
  case `case`
  /// What anyone reads about a case.
  case `public`

  /// The first line of a form.
  public var marker: String { "# testimony form: \(rawValue)" }

  /// The name of the long text: what a plain text file without a form becomes.
  public var textName: String {
    switch self {
    case .summary: "abstract"
    case .testimony: "statement"
    case .identity: "notes"
    case .translation: "translation"
    case .correction: "correction"
    case .assessment: "assessment"
    case .case: "situation"
    case .public: "summary"
    }
  }

  /// The one-line fields, each with a few words about what belongs there.
  public var fields: [(name: String, about: String)] {
    switch self {
    case .summary:
      [
        ("evidence-tier", "how strong, by your own scale"), ("contradictions", "with other accounts, if any"),
        ("assessed-on", "date"),
      ]
    case .testimony:
      [
        ("source", "a code or pseudonym, never the name"), ("interview-date", "2026-11-24, or a part of it"),
        ("interview-place", ""), ("interview-mode", "in person, by telephone, in writing"),
        ("interview-minutes", ""), ("interviewer", ""), ("interpreter", ""), ("others-present", ""),
        ("restraint-or-police-present", "yes or no, and how"), ("language", "of the original"),
        ("script", "of the original"), ("authoritative-text", "which text counts: original or translation"),
        ("account", "first, follow-up"), ("earlier-accounts", "to whom and when"),
        ("read-back", "was it read back to the source: yes or no"), ("corrections", ""),
        ("signed-how", "by hand, by mark, recorded"), ("connection", "direct, hearsay, and how"),
        ("reliability-of-source", ""), ("reliability-of-information", ""), ("exact-dates", "of what happened"),
        ("exact-places", "of what happened"), ("translator", "pseudonym"), ("translated-from", ""),
        ("translated-to", ""), ("translation-date", ""), ("translation-certificate", ""),
        ("willing-to-testify", ""),
      ]
    case .identity:
      [
        ("name", ""), ("other-names", "and transliterations"), ("sex", ""), ("born", "date, and how exact"),
        ("documents", ""), ("nationality", ""), ("location", "now"), ("contact", ""),
        ("safe-contact-rules", "how and when, and what never to do"), ("family", "and dependants"),
        ("persons-at-risk", "who, relation, place"), ("vulnerability", ""), ("protection-asked", ""),
        ("intermediary", ""), ("re-contact", "permitted: yes or no, and by whom"),
      ]
    case .translation:
      [
        ("translated-from", "language"), ("translated-to", "language"), ("translator", "pseudonym"),
        ("translation-date", "2026-11-24"), ("translation-certificate", "by whom, and how"),
        ("authoritative-text", "which text counts: original or translation"),
      ]
    case .correction:
      [
        ("corrected-on", "date"), ("corrects", "which passage"), ("read-back-by", "pseudonym"),
        ("signed-how", "by hand, by mark, recorded"),
      ]
    case .assessment:
      [
        ("evidence-tier", "how strong, by your own scale"), ("contradictions", "with other accounts, if any"),
        ("reliability-of-source", ""), ("reliability-of-information", ""), ("assessed-on", "date"),
      ]
    case .case:
      [
        ("country", ""), ("period", ""), ("violation", "may stand more than once"), ("responsible", "member"),
        ("priority", ""), ("received", "date"), ("exact-dates", ""), ("exact-places", ""),
      ]
    case .public:
      [
        ("title", ""), ("country", "or region"), ("period", "month or year; say if it is estimated"),
        ("violation", "may stand more than once"), ("language", "of the testimony; may stand more than once"),
        ("status", ""), ("consent", "how the sources consented; no name"),
      ]
    }
  }

  /// The empty form, to be filled in and given back.
  public var template: String {
    var text = """
      \(marker)
      # Leave empty what you do not know. A line that begins with # is for you, and is not kept.
      # You may add fields of your own in the same way.

      """
    for field in fields {
      let label = field.name + ":"
      text += field.about.isEmpty ? "\(label)\n" : "# \(field.about)\n\(label)\n"
    }
    text += "# Everything below the next line, to the end, is the text. Write as much as you need, in any script.\n"
    text += "--- \(textName)\n"
    return text
  }
}
