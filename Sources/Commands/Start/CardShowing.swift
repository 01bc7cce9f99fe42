import Platform
import Sodium
import TestimonyVault

/// Cards of a paper backup on the terminal: one at a time, wiped when it was written down.
struct CardShowing {
  let face: Face
  let terminal: Terminal

  func show(_ sheets: [BackupSheet]) throws {
    face.warn("what is on the screen can be read over your shoulder, by a camera, and by whoever shares the screen")
    if !face.mayRedraw { face.warn("the words stay on this screen, which is not drawn anew: close it afterwards") }
    let screen = WipedLines(terminal, mayWipe: face.mayRedraw)
    // Wiped on every way out.
    defer { screen.wipe() }
    screen.write("Have \(sheets.count) sheets of paper ready. Return shows the first card: ")
    _ = try screen.readLine()
    for sheet in sheets {
      screen.wipe()
      screen.write("\n")
      screen.write(BackupText.short(sheet, width: terminal.width))
      screen.write("\nWritten down, word by word? Return wipes it: ")
      _ = try screen.readLine()
    }
  }
}
