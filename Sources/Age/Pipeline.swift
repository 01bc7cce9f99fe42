import Dispatch
import Sodium
import Synchronization

/// Batches of a stream on all cores: reading, observing and writing each serially and in order, the work between
/// them in parallel.
///
/// Workers are all alike. Each takes whatever step is ready, the latest stage first, so that buffers are freed before
/// more are filled; with none ready it sleeps until a step elsewhere is done. No step waits for another while it holds
/// a thread, so one worker alone gets through, and a failure ends all of them after their step in hand.
struct Pipeline {
  /// How a batch is made into another: input, number of the batch, whether it is the last, output. Gives the bytes
  /// written, and a failure to throw when these have been written.
  typealias Work = (Span<UInt8>, UInt64, Bool, inout MutableSpan<UInt8>) -> (written: Int, failure: AgeError?)
  typealias Sink = (Span<UInt8>) throws -> Void

  /// The bytes of an input and of an output batch.
  let inputSize: Int, outputSize: Int
  /// Batches in memory at once: 4 of them are 8 MB.
  static let batches = 4

  /// Runs until the input ends or something fails; the first failure is thrown as it is.
  func run(
    workers: Int, source: StreamSource, reading: StreamSource.Reading, observing: Sink, work: Work,
    writing: Sink
  ) throws {
    let board = StepBoard(batches: Self.batches)
    let batches = (0..<Self.batches).map { _ in Batch(inputSize: inputSize + 1, outputSize: outputSize) }
    defer { for batch in batches { batch.wipe() } }
    func perform(_ step: StepBoard.Step) throws {
      let batch = batches[step.number % Self.batches]
      switch step.stage {
      case .read: board.finishedReading(isEnd: try batch.read(source, reading))
      case .observe: try batch.observe(observing)
      case .work: batch.work(UInt64(step.number), work)
      case .write: try batch.write(writing)
      }
    }
    withoutActuallyEscaping(perform) { perform in
      let steps = Steps(perform: perform)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        while let step = board.next() {
          do {
            try steps.perform(step)
            board.finished(step)
          } catch {
            board.fail(error)
          }
        }
      }
    }
    if let error = board.failure { throw error }
  }

  /// The caller's closures on their way to other threads. `StepBoard` sees to it that each runs once at a time, and
  /// `concurrentPerform` that none outlives the call: what the compiler cannot know, and why this says unchecked.
  private struct Steps: @unchecked Sendable {
    let perform: (StepBoard.Step) throws -> Void
  }
}
