import Record
import Shares
import Sodium
import TestimonyVault

/// The page that goes with a kit: what a worker needs in the hand, in plain words. It opens nothing.
struct KitCard {
  let plan: KitPlan
  let made: MadeKit
  let vault: VaultNote

  func text(in language: Language) -> String {
    paragraphs.map { $0.written(in: language) }.joined(separator: "\n\n") + "\n"
  }

  /// A line that would be broken by a longer language goes on below.
  private var paragraphs: [Message] {
    let words = CheckWords.of(vault.id).joined(separator: " ")
    let note = "\(Program.name) note FILE"
    return [
      Message("A kit for \(plan.worker.text), until \(plan.until)"),
      Message(
        """
        With it you seal notes that nobody can read but counsel. You cannot read them back, and nobody who takes this machine
        from you can. You may unlock it truthfully: nothing opens.
        """),
      Message(
        """
        Before you begin:   \("\(Program.name) kit check")
          These words must be the same. If they are not, write nothing, and ask:
          \(words)
        """),
      Message(
        """
        To write:           \(note)
        with a recording:   \("\(note) --attach recording.m4a")
        a source's name:    never in the note. Give a code, and the name to the custodians:
                            \("\(note) --source S1 --identity name.txt")
        Write down the number and the six letters that it shows: they say which note you mean, and nothing else.
        """),
      Message(
        """
        To send:            \("\(Program.name) outbox export FILE")
          by any road, in any order, twice. All notes look alike from outside; how many, and how large, shows.
        When receipts come: \("\(Program.name) outbox receipts FILE")
        To make room:       \("\(Program.name) outbox clean")
          It removes only what is safe with counsel. This machine's memory may keep what was removed.
        """),
      Message(
        """
        If the kit is lost: tell counsel at once. It opens nothing, and with its passphrase somebody could write in your name.
        Without the kit a note can still reach counsel, unsigned: with \("age"), or with \("Scripts/emergency/seal"), to
          \(made.counsel)
        """),
      Message("This page opens nothing either. It does tell whoever finds it that you work with somebody."),
    ]
  }
}
