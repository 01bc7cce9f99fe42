import Age
import Platform
import Sodium
import Synchronization

// How many small sealed files the primitives open in a second on all cores: a header of one stanza, one chunk. What a
// cache of thousands of entries costs is measured against it (Benchmarks/run).
let arguments = RawArguments.all
let kind: KeyKind = arguments.contains("classic") ? .classic : .hybrid
let count = arguments.dropFirst().compactMap { Int($0) }.first ?? 4000
let identity = NativeIdentity.generate(kind)
let content = [UInt8](repeating: 0x20, count: 16 << 10)
let files = try (0..<64).map { _ in try AgeFile.seal(content.span, to: [identity.recipient]) }
let opened = Atomic(0)
func open(_ file: [UInt8]) -> Bool { (try? AgeFile.open(file.span, with: [identity])) != nil }
let started = SystemClock.monotonicNanoseconds()
Parallel.forEach(0..<count) { index in
  if open(files[index % files.count]) { opened.wrappingAdd(1, ordering: .relaxed) }
}
let seconds = Double(SystemClock.monotonicNanoseconds() - started) / 1e9
try StandardStreams.output("\(Int(Double(opened.load(ordering: .relaxed)) / seconds)) files a second\n")
