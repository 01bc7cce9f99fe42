import Sodium
import Testing

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func vectorsOfRFC4648(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8).span, padded: true) == Array(encoded.utf8))
    #expect(Base64.decode(Array(encoded.utf8).span, padded: true) == Array(plain.utf8))
  }

  @Test func everyByteInEveryPlaceComesBack() {
    for length in 1...4 {
      for place in 0..<length {
        for byte in UInt8.min...UInt8.max {
          var bytes = [UInt8](repeating: 0x5A, count: length)
          bytes[place] = byte
          let encoded = Base64.encode(bytes.span, padded: true)
          #expect(Base64.decode(encoded.span, padded: true) == bytes)
        }
      }
    }
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "====", "=", "Z===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "Zm-_", "Zg==Zm9v",
    "Zg=v",
    "Zm9v====", "Zm9vZg==\n",
  ])
  func refusesAnyOtherSpelling(text: String) {
    #expect(Base64.decode(Array(text.utf8).span, padded: true) == nil)
  }
}
