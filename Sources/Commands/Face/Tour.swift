/// What the program says when it is called without a verb: twelve lines.
enum Tour {
  static func text(program: String) -> String {
    """
    Usage: \(program) VERB [NOUN] [flags]

      \(program) init                                   found a vault, and make your key
      \(program) member admit FILE --role reviewer      take somebody in by their card
      \(program) case new --title TITLE                 open a case, unseen from outside
      \(program) seal --case CASE --testimony FILE      seal a statement, with --attach FILE
      \(program) list · read RECORD · open RECORD N     what your key may open
      \(program) publish CASE --summary FILE            what anyone may read
      \(program) list · show CASE                       the public summaries, without a key
      \(program) verify · status                        is everything here, and what holds

    All verbs: \(program) --help    One verb: \(program) VERB --help

    """
  }
}
