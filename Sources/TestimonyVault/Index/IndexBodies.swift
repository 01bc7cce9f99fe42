import Record
import Synchronization

/// The bodies of an index's entries: each read when somebody looks, or all of them at once for a rebuild.
final class IndexBodies: KeptBodies {
  private let file: IndexFile
  private let loaded: [UInt8]?
  private let places = Mutex<[IndexEntries.BodyPlace]>([])

  init(_ file: IndexFile, loaded: [UInt8]? = nil) {
    self.file = file
    self.loaded = loaded
  }

  /// Says where they lie, when the entries have been decoded.
  func lie(_ places: [IndexEntries.BodyPlace]) { self.places.withLock { $0 = places } }

  func body(_ number: Int) -> [UInt8]? {
    let place = places.withLock { number < $0.count ? $0[number] : nil }
    guard let place else { return nil }
    if let loaded { return Array(loaded[Int(place.start)..<Int(place.start) + place.count]) }
    return try? file.part(.bodies, place.start..<place.start + Int64(place.count))
  }
}
