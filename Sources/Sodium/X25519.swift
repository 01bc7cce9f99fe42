import CSodium

/// X25519 (RFC 7748): scalars and points of 32 bytes.
public enum X25519 {
  /// Sizes in bytes.
  public static let scalarSize = 32, pointSize = 32

  /// The public point of a scalar.
  public static func publicKey(_ scalar: borrowing Secret) -> [UInt8] {
    precondition(scalar.count == scalarSize, "a scalar has 32 bytes")
    var point = [UInt8](repeating: 0, count: pointSize)
    let status = unsafe scalar.bytes.withPointer { unsafe crypto_scalarmult_base(&point, $0) }
    precondition(status == 0, "multiplying the base point does not fail")
    return point
  }

  /// The secret shared between a scalar and a foreign point. Nil: the result is all zero, as it is for every
  /// point of low order, and must not be used (RFC 7748, 6.1). A point that has not 32 bytes is a programmer error.
  public static func sharedSecret(scalar: borrowing Secret, point: Span<UInt8>) -> Secret? {
    precondition(scalar.count == scalarSize && point.count == pointSize, "wrong scalar or point size")
    var status: Int32 = -1
    let shared = Secret(count: pointSize) { shared in
      status = unsafe shared.withMutablePointer { shared in
        unsafe scalar.bytes.withPointer { scalar in
          unsafe point.withPointer { unsafe crypto_scalarmult(shared, scalar, $0) }
        }
      }
    }
    guard status == 0 else { return nil }
    return shared
  }
}
