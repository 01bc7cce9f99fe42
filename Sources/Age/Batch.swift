import Sodium

/// The buffers of one batch. They belong to one step at a time, except that observing and working both look at the
/// input; `StepBoard` gives out the steps.
final class Batch {
  private let inputSize: Int
  private let outputSize: Int
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private var count = 0
  private var isEnd = false
  private var written = 0
  private var failure: AgeError?

  /// Buffers are made when they are first used: a short stream needs few.
  init(inputSize: Int, outputSize: Int) { (self.inputSize, self.outputSize) = (inputSize, outputSize) }

  func read(_ source: StreamSource, _ reading: StreamSource.Reading) throws -> Bool {
    if input.isEmpty { input = [UInt8](repeating: 0, count: inputSize) }
    (count, isEnd) = try source.fill(&input, reading: reading)
    return isEnd
  }

  func observe(_ observing: Pipeline.Sink) throws {
    let input = input
    try observing(input.span.extracting(first: count))
  }

  func work(_ number: UInt64, _ work: Pipeline.Work) {
    if output.isEmpty { output = [UInt8](repeating: 0, count: outputSize) }
    (written, failure) = Self.work(input, count, number, isEnd, into: &output, work)
  }

  func write(_ writing: Pipeline.Sink) throws {
    let output = output
    if written > 0 { try writing(output.span.extracting(first: written)) }
    if let failure { throw failure }
  }

  func wipe() {
    input.wipe()
    output.wipe()
  }

  /// A span of a property would outlive its access; one of a parameter does not.
  private static func work(
    _ input: [UInt8], _ count: Int, _ number: UInt64, _ isEnd: Bool, into output: inout [UInt8],
    _ work: Pipeline.Work
  ) -> (written: Int, failure: AgeError?) {
    var span = output.mutableSpan
    return work(input.span.extracting(first: count), number, isEnd, &span)
  }
}
