/// Builds bytes, a text for instance, inside guarded memory.
public struct SecretWriter: ~Copyable {
  private var secret: Secret
  /// The number of bytes so far.
  public private(set) var count = 0

  /// Room for `capacity` bytes; more is made when it is needed.
  public init(capacity: Int) { secret = Secret(count: capacity) }

  public mutating func append(_ bytes: Span<UInt8>) {
    if count + bytes.count > secret.count {
      var larger = Secret(count: max(2 * secret.count, count + bytes.count))
      larger.withMutableBytes { memory in for index in 0..<count { memory[index] = secret.bytes[index] } }
      secret = larger
    }
    let start = count
    secret.withMutableBytes { memory in for index in bytes.indices { memory[start + index] = bytes[index] } }
    count += bytes.count
  }

  /// What is no secret among what is.
  public mutating func append(_ text: String) {
    let bytes = Array(text.utf8)
    append(bytes.span)
  }

  /// All of it.
  public consuming func finish() -> Secret { Secret(copying: secret.bytes.extracting(0..<count)) }
}
