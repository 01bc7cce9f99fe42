import Sodium
public import Transparency

/// Why something said or signed is not taken as such: the place and the kind of fault, never its content.
public enum RecordError: Error, Equatable, Sendable {
  /// Not a signed note (C2SP signed-note).
  case note(NoteError)
  /// The first line does not name the kind and version that belongs here.
  case kind(expected: NoteKind)
  /// The line behind the kind is not one strict JSON object.
  case json(JSONError)
  /// A field is missing, or is not of its form.
  case field(String)
  /// The signature that must be there is not there, or not good.
  case signature
  /// It speaks of another vault.
  case otherVault
  /// The id does not follow from the origin that is stated.
  case origin
  /// A commitment or a root does not follow from what it commits to.
  case commitment
  /// The text holds characters that a signed note cannot hold.
  case characters
}
