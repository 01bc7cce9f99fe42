/// What the program says when it is called without a verb: twelve lines.
enum Tour {
  static func text(program: String) -> String {
    """
    Usage: \(program) VERB [NOUN] [flags]

      \(program) init · member admit FILE --role reviewer   found a vault; take somebody in
      \(program) case new · seal --case CASE …              open a case; seal a statement, with --attach FILE
      \(program) list · search WORD · read RECORD · open RECORD N   what your key may open
      \(program) amend · assess · propose · grant           a later version, words about it, one layer for one person
      \(program) publish CASE --summary FILE                what anyone may read
      \(program) member suspend · member remove · relock    shut somebody out
      \(program) log · checkpoint · verify · status         who did what; is everything here, and what holds
      \(program) list --public · show CASE                  the public summaries, without a key

    All verbs: \(program) --help    One verb: \(program) VERB --help

    """
  }
}
