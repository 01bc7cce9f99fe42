import Platform

/// The media type that a file's name suggests: a help for the reader, not a claim about the content.
enum MediaType {
  private static let byEnding: [String: String] = [
    "txt": "text/plain", "md": "text/markdown", "csv": "text/csv", "json": "application/json", "pdf": "application/pdf",
    "doc": "application/msword", "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "rtf": "application/rtf",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "heic": "image/heic", "tif": "image/tiff",
    "tiff": "image/tiff", "webp": "image/webp", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav",
    "ogg": "audio/ogg", "opus": "audio/opus", "flac": "audio/flac", "mp4": "video/mp4", "mov": "video/quicktime",
    "mkv": "video/x-matroska", "webm": "video/webm", "3gp": "video/3gpp", "zip": "application/zip",
  ]

  static func of(_ name: PathBytes) -> String {
    guard let dot = name.bytes.lastIndex(of: UInt8(ascii: ".")) else { return "application/octet-stream" }
    let ending = String(decoding: name.bytes[(dot + 1)...], as: UTF8.self).lowercased()
    return byEnding[ending] ?? "application/octet-stream"
  }
}
