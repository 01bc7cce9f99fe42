import Age
import Platform
import Record

/// Why an index is not used. It is dropped then, and built anew: nothing is lost with it.
enum IndexFault: Error, Equatable, Sendable {
  /// There is none.
  case none
  case system(SystemError)
  case age(AgeError)
  /// Its first part is not the note, signed by its owner, that it must be.
  case note(RecordError)
  /// It was signed for another file: the content of one was put behind the header of another.
  case otherFile
  case otherVault
  /// The circles, the roster or what is gone have changed since.
  case otherBasis
  /// A part of it does not have its form.
  case layout(IndexSection)
}

/// The parts of an index, in their order in the file.
enum IndexSection: String, Sendable, CaseIterable {
  case note, log, locks, rows, pools, entries, texts, originals, bodies
}
