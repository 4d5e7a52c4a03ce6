/// A request as a program reads it: one JSON object on one line.
struct ProgramRequest {
  private let request: Request
  private let mirror: String

  init(_ request: Request, mirror: String) {
    self.request = request
    self.mirror = mirror
  }

  /// The object; logins and signatures are not in it.
  var json: String {
    var object = JSONObject()
    object.add("version", ProgramMirror.contract)
    object.add("mirror", mirror)
    object.add("ecosystem", request.ecosystem.rawValue)
    object.add("identity", request.identity)
    object.add("package", request.package.description)
    object.add("url", request.origin.identity)
    object.add("file", request.fileName.isEmpty ? nil : request.fileName)
    object.add("size", request.size)
    object.add("changes", request.changes)
    object.add("reload", request.reloads)
    object.add("accept", request.accept)
    var digests = JSONObject()
    for digest in request.digests { digests.add(digest.algorithm.rawValue, digest.hex) }
    object.add("digests", digests)
    return object.finished
  }
}
