public import Sodium

/// The body of an `approve` entry: a custodian's share notes of everything that a request names.
public struct ApproveBody: Sendable {
  /// The note hash of the `request`: a request with another text is another one.
  public let request: SHA256Hash
  /// A whole age file to the request's fresh recipient. Its content: for each identity, in the request's order, a line
  /// with the number of bytes of the share note, and the note.
  public let shares: [UInt8]

  public init(request: SHA256Hash, shares: [UInt8]) {
    self.request = request
    self.shares = shares
  }

  public var json: JSON {
    [
      "request": .hash(request),
      "shares": .string(String(decoding: Base64.encode(shares.span, padded: true), as: UTF8.self)),
    ]
  }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.request = try fields.hash("request")
    let text = Array(try fields.text("shares").utf8)
    guard let shares = Base64.decode(text.span, padded: true) else { throw .field("shares") }
    self.shares = shares
  }
}

/// The body of a `deny` entry: a custodian refuses, and says why.
public struct DenyBody: Sendable {
  public let request: SHA256Hash
  public let reason: String

  public init(request: SHA256Hash, reason: String) {
    self.request = request
    self.reason = reason
  }

  public var json: JSON { ["request": .hash(request), "reason": .string(reason)] }

  public init(_ json: JSON) throws(RecordError) {
    let fields = try Fields(json, "body")
    self.request = try fields.hash("request")
    self.reason = try fields.text("reason")
  }
}

/// The body of a `cancel` entry: the requester takes the request back.
public struct CancelBody: Sendable {
  public let request: SHA256Hash

  public init(request: SHA256Hash) { self.request = request }

  public var json: JSON { ["request": .hash(request)] }

  public init(_ json: JSON) throws(RecordError) { self.request = try Fields(json, "body").hash("request") }
}
