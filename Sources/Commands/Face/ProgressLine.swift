import Platform
import Synchronization

/// Progress: on a terminal one line that is drawn anew; elsewhere a plain line every ten seconds; nothing with `-q` or
/// `--json`. Never 100 % while work remains.
final class ProgressLine: Sendable {
  private struct State {
    var started: UInt64
    var last: UInt64
    var drawn = false
  }

  private let label: Message
  private let language: Language
  private let kind: Kind
  /// What is counted; nil for bytes.
  private let unit: String?
  private let state: Mutex<State>

  private enum Kind { case silent, redrawn, lines }

  init(_ label: Message, face: Face, counting unit: String? = nil) {
    self.label = label
    language = face.language
    self.unit = unit
    let now = SystemClock.monotonicNanoseconds()
    state = Mutex(State(started: now, last: now))
    if face.options.quiet || face.isJSON {
      kind = .silent
    } else {
      kind = StandardStreams.isTerminal(.err) && face.mayRedraw ? .redrawn : .lines
    }
  }

  func show(done: UInt64, total: UInt64?, of place: String) {
    guard kind != .silent else { return }
    let now = SystemClock.monotonicNanoseconds()
    let pause: UInt64 = kind == .redrawn ? 100_000_000 : 10_000_000_000
    let line: String? = state.withLock { state in
      guard now - state.last >= pause else { return nil }
      state.last = now
      state.drawn = true
      return text(done, total, place, seconds: Double(now - state.started) / 1e9)
    }
    guard let line else { return }
    StandardStreams.error(kind == .redrawn ? "\r\u{1b}[2K\(line)" : "\(line)\n")
  }

  /// Clears the line.
  func end() {
    if kind == .redrawn, state.withLock({ $0.drawn }) { StandardStreams.error("\r\u{1b}[2K") }
  }

  private func text(_ done: UInt64, _ total: UInt64?, _ place: String, seconds: Double) -> String {
    guard let total, total > 0 else {
      return Message("\(label)  \(place)  \(Amounts.size(done))").written(in: language)
    }
    let percent = min(99, Int(done * 100 / max(total, 1)))
    let left = done > 0 ? Int(seconds * Double(total - min(done, total)) / Double(done)) + 1 : 0
    let done = unit == nil ? Amounts.size(done) : Message(verbatim: String(done))
    let all = unit.map { Message(verbatim: "\(total) \($0)") } ?? Amounts.size(total)
    let amount = Message("\(percent) %  \(done) of \(all)  \(left) s left")
    guard kind == .redrawn else { return Message("\(label)  \(place)  \(amount)").written(in: language) }
    let full = percent / 5
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
    return Message("\(label)  \(place)  \("[\(bar)]")  \(amount)").written(in: language)
  }
}
