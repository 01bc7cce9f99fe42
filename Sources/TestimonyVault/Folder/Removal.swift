import Platform
import Record

extension VaultFolder {
  /// Destroys sealed files, and makes that durable. What cannot be removed now (a read-only or failing disk) stays, is told
  /// by `verify` as gone and still here, and is removed by the next run of what replaced it.
  func remove(_ places: [ObjectPlace]) {
    var touched: [PathBytes: Directory] = [:]
    for place in places {
      guard let folder = try? self.folder(place.kind), let shelf = try? folder.directory(place.shelf) else { continue }
      if (try? shelf.remove(place.file)) != nil { touched[PathBytes("\(place.kind.rawValue)/\(place.shelf)")] = shelf }
    }
    for shelf in touched.values { try? shelf.sync() }
  }
}
