import Platform
import Record

extension VaultFolder {
  /// Destroys sealed files, and makes that durable. What cannot be removed now (a read-only or failing disk) stays, is told
  /// by `verify` as gone and still here, and is removed by the next run of what replaced it.
  /// - Returns: of which files that is not certain: they stay, or the disk did not confirm that they went.
  func remove(_ places: [ObjectPlace]) -> [ObjectPlace] {
    var left: [ObjectPlace] = []
    var touched: [PathBytes: (shelf: Directory, places: [ObjectPlace])] = [:]
    for place in places {
      do {
        guard let folder = try folder(place.kind) else { continue }
        let shelf = try folder.directory(place.shelf)
        try shelf.remove(place.file)
        touched[PathBytes("\(place.kind.rawValue)/\(place.shelf)"), default: (shelf, [])].places.append(place)
      } catch let error as SystemError where error.isNotFound { continue } catch { left.append(place) }
    }
    for (shelf, places) in touched.values where (try? shelf.sync()) == nil { left += places }
    return left
  }
}
