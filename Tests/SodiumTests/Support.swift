import Sodium
import Testing

/// A secret from the hex of a test vector.
func secret(_ hex: String) throws -> Secret {
  let bytes = try #require(Hex.decode(hex.utf8))
  return Secret(copying: bytes.span)
}
