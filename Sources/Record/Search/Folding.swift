/// Text made alike for searching, in any script: what a reader would call the same word becomes the same bytes.
///
/// Per character, by `FoldingTable`: compatibility decomposition and case folding (Unicode 14; full-width letters,
/// ligatures, Arabic presentation forms), accents and points removed (й becomes и, ё becomes е), digits of every script
/// to ASCII, white space to one space, what is ignorable by default (joiners, bidi marks, soft hyphens) dropped.
///
/// - Marks that are letters' parts stay: vowels of Tibetan, Thai and Lao, virama, nukta, kana's voicing.
/// - Letters that only look accented stay: қ, ң, ғ, ө, ұ of Kazakh, ø, ł. They are other letters to who writes them.
/// - Arabic script. Alef in all forms is ا; yeh and alef maksura are ي (ى, ی; their keys are mixed up in every
///   language); kaf is ك (ک, ڪ); heh is ه (ھ, ہ, ۀ, ة: final ة and ه are exchanged in Arabic, and Uyghur's ھ is typed as
///   ه). Harakat and tatweel go. But ە stays: in Uyghur, Kazakh and Kurdish it is a vowel, and ئ too: it begins every
///   Uyghur word with a vowel, and ئەر (man) is not يەر (land). ې, ۇ, ۆ, ۈ, ۋ, ڭ are letters and stay.
/// - Dotless ı is i; curly and straight quotes and all dashes are alike. Simplified and traditional Chinese differ.
/// - Hangul is taken apart into its letters, so 가 finds 각.
///
/// Takes UTF-8 and gives UTF-8; a byte that is none becomes U+FFFD. Folding twice changes nothing. Linear.
public enum Folding {
  public static func fold(_ text: Span<UInt8>) -> [UInt8] {
    var folder = Folder(capacity: text.count)
    folder.take(text)
    return folder.finish()
  }

  public static func fold(_ text: String) -> [UInt8] { fold(Array(text.utf8).span) }
}

/// One text on its way through the table.
struct Folder {
  /// Where a character that is no mark began: in what came out, and in what went in.
  struct Anchor {
    let folded: Int
    let source: Int
  }

  private(set) var output: [UInt8] = []
  /// Filled only where asked for.
  private(set) var anchors: [Anchor] = []
  private let traces: Bool
  private let lookup = FoldingLookup.shared
  private var endsInSpace = false
  /// Marks that wait for the next letter, to be put in their canonical order.
  private var marks: [(order: UInt8, scalar: UInt32)] = []
  private var source = 0

  /// Unicode's own limit for marks on one letter (UAX 15, stream-safe): a longer run is sorted in parts.
  private static let marksLimit = 30

  init(capacity: Int, traces: Bool = false) {
    self.traces = traces
    // A text may begin with a mark.
    if traces { anchors.append(Anchor(folded: 0, source: 0)) }
    output.reserveCapacity(capacity + 16)
  }

  /// Folds bytes until they end, or until `limit` bytes have come out.
  mutating func take(_ text: Span<UInt8>, until limit: Int = .max) {
    var index = 0
    while index < text.count, output.count < limit {
      source = index
      let byte = text[index]
      if byte < 0x80 {
        takeASCII(byte)
        index += 1
      } else {
        let (scalar, length) = UTF8Scalar.decode(text, at: index)
        take(scalar)
        index += length
      }
    }
    source = index
  }

  mutating func finish() -> [UInt8] {
    flush()
    return output
  }

  private mutating func takeASCII(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): put(ascii: byte | 0x20)
    case 0x20, 0x09...0x0D: putSpace()
    default: put(ascii: byte)
    }
  }

  private mutating func take(_ scalar: UInt32) {
    switch lookup.fold(of: scalar) {
    case .stays:
      if (0xAC00...0xD7A3).contains(scalar) { putHangul(scalar - 0xAC00) } else { put(scalar) }
    case .mark(let order): hold(order, scalar)
    case .becomes(let range):
      if range.isEmpty {
        if scalar == 0x0654 { hamza() }
        return
      }
      for index in range {
        let part = lookup.pool[index]
        if part == 0x20 {
          putSpace()
        } else if case .mark(let order) = lookup.fold(of: part) {
          hold(order, part)
        } else {
          put(part)
        }
      }
    }
  }

  /// A hamza above makes another letter of yeh and of Persian's heh; on all others it is a mark.
  private mutating func hamza() {
    // Marks that wait stand on the same letter.
    guard output.count >= 2 else { return }
    let last = (output[output.count - 2], output[output.count - 1])
    if last == (0xD9, 0x8A) {  // ي, becomes ئ
      (output[output.count - 2], output[output.count - 1]) = (0xD8, 0xA6)
    } else if last == (0xDB, 0x95) {  // ە, becomes ه
      (output[output.count - 2], output[output.count - 1]) = (0xD9, 0x87)
    }
  }

  private mutating func putHangul(_ syllable: UInt32) {
    put(0x1100 + syllable / 588)
    put(0x1161 + syllable % 588 / 28)
    if syllable % 28 > 0 { put(0x11A7 + syllable % 28) }
  }

  private mutating func putSpace() {
    flush()
    if endsInSpace { return }
    anchor()
    output.append(0x20)
    endsInSpace = true
  }

  private mutating func put(ascii byte: UInt8) {
    flush()
    anchor()
    output.append(byte)
    endsInSpace = false
  }

  private mutating func put(_ scalar: UInt32) {
    flush()
    anchor()
    UTF8Scalar.encode(scalar, into: &output)
    endsInSpace = false
  }

  private mutating func hold(_ order: UInt8, _ scalar: UInt32) {
    if marks.count == Self.marksLimit { flush() }
    let place = marks.lastIndex { $0.order <= order }.map { $0 + 1 } ?? 0
    marks.insert((order, scalar), at: place)
  }

  private mutating func flush() {
    if marks.isEmpty { return }
    for mark in marks { UTF8Scalar.encode(mark.scalar, into: &output) }
    marks.removeAll(keepingCapacity: true)
    endsInSpace = false
  }

  /// Once for each character that leaves something.
  private mutating func anchor() {
    if traces, anchors.last?.source != source { anchors.append(Anchor(folded: output.count, source: source)) }
  }
}
