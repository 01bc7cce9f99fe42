import Age
public import Platform
public import Record
import Sodium

// A court's order, as a request carries it: an object under a key of its own, which the request's readers have.
extension Session {
  /// Seals an order, padded as attachments are.
  func seal(order: AttachmentSource, in commit: Commit) throws -> RequestBody.Order {
    if let size = order.size, size > UInt64(RequestBody.Order.largest) {
      throw VaultError.orderTooLarge(Place(order.place))
    }
    let key = NativeIdentity.generate(kind)
    let sealing = AttachmentSealing(recipient: key.recipient, commit: commit, workers: nil, progress: { _ in })
    let sealed = try sealing.seal(order)
    guard sealed.length <= UInt64(RequestBody.Order.largest), sealed.parts.count == 1 else {
      throw VaultError.orderTooLarge(Place(order.place))
    }
    // The key of what the custodians' circle reads anyway: it stands in the request, and so in a String.
    let line = key.encoded()
    return RequestBody.Order(
      object: sealed.parts[0], length: Int64(sealed.length), name: sealed.name,
      key: String(decoding: line.bytes.copy(), as: UTF8.self))
  }

  /// Writes the order of a request to a new file.
  public func writeOrder(of request: RequestHistory, to path: PathBytes) throws(VaultError) {
    guard request.body.order != nil else { throw .request(request.id, .noOrder) }
    try write(to: path) { output in try self.readOrder(of: request, output) }
  }

  /// Hands on the order of a request. What was handed on counts only when this returns. An object that is longer than an
  /// order can be is not read.
  func readOrder(of request: RequestHistory, _ output: @escaping @Sendable (Span<UInt8>) throws -> Void)
    throws(VaultError)
  {
    guard let order = request.body.order else { throw .request(request.id, .noOrder) }
    let key = Array(order.key.utf8)
    guard let identity = try? NativeIdentity(parsing: Secret(copying: key.span)), identity.kind == kind else {
      throw .request(request.id, .badOrder)
    }
    do {
      let size = try vault.open(ObjectPlace(.sealed, order.object)).status().size
      guard size <= 2 * UInt64(RequestBody.Order.largest) else { throw VaultError.request(request.id, .badOrder) }
      try write([order.object], length: UInt64(order.length), of: identity, progress: { _ in }, output)
    } catch { throw VaultError(error) }
  }
}
