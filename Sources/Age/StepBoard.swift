import Dispatch
import Synchronization

/// What of a stream is done and what can be done next. The one lock of the pipeline; a batch belongs to whoever was
/// given a step on it here.
final class StepBoard: Sendable {
  enum Stage: Int { case read, work, observe, write }

  struct Step {
    let stage: Stage
    let number: Int
  }

  private struct State {
    /// Batches through each serial stage, and whether somebody is at it.
    var read = 0, observed = 0, written = 0
    var isReading = false, isObserving = false, isWriting = false
    /// Batches given out for work, and those of them that are done.
    var started = 0
    var worked: Set<Int> = []
    var hasEnded = false
    var failure: (any Error)?
    var sleepers = 0

    var isOver: Bool { failure != nil || (hasEnded && observed == read && written == read) }
  }

  private let batches: Int
  private let state = Mutex(State())
  private let wakeUp = DispatchSemaphore(value: 0)

  init(batches: Int) { self.batches = batches }

  /// The first failure.
  var failure: (any Error)? { state.withLock { $0.failure } }

  /// The next step, waiting for one if need be; nil when all is done or something failed.
  func next() -> Step? {
    while true {
      let (step, isOver) = state.withLock { state -> (Step?, Bool) in
        if state.isOver { return (nil, true) }
        if let step = take(&state) { return (step, false) }
        state.sleepers += 1
        return (nil, false)
      }
      if let step { return step }
      if isOver { return nil }
      wakeUp.wait()
    }
  }

  /// Notes that a batch was read, and whether it is the last. To be followed by `finished`.
  func finishedReading(isEnd: Bool) {
    if isEnd { state.withLock { $0.hasEnded = true } }
  }

  /// Notes that a step is done.
  func finished(_ step: Step) {
    change { state in
      switch step.stage {
      case .read: (state.read, state.isReading) = (step.number + 1, false)
      case .observe: (state.observed, state.isObserving) = (step.number + 1, false)
      case .work: state.worked.insert(step.number)
      case .write:
        state.worked.remove(step.number)
        (state.written, state.isWriting) = (step.number + 1, false)
      }
    }
  }

  /// Ends everything; the first failure stands.
  func fail(_ error: any Error) {
    change { state in if state.failure == nil { state.failure = error } }
  }

  /// Every sleeper is woken by every change: each counted itself once and takes one signal, so none is lost.
  private func change(_ body: (inout State) -> Void) {
    let sleepers = state.withLock { state in
      body(&state)
      defer { state.sleepers = 0 }
      return state.sleepers
    }
    for _ in 0..<sleepers { wakeUp.signal() }
  }

  private func take(_ state: inout State) -> Step? {
    if !state.isWriting, state.worked.contains(state.written) {
      state.isWriting = true
      return Step(stage: .write, number: state.written)
    }
    if !state.isObserving, state.observed < state.read {
      state.isObserving = true
      return Step(stage: .observe, number: state.observed)
    }
    if state.started < state.read {
      defer { state.started += 1 }
      return Step(stage: .work, number: state.started)
    }
    if !state.isReading, !state.hasEnded, state.read - min(state.observed, state.written) < batches {
      state.isReading = true
      return Step(stage: .read, number: state.read)
    }
    return nil
  }
}
