import FoundationEssentials

/// The answer of a server of large files to the question where they can be had (git-lfs, docs/api/batch.md).
struct LargeFileLinks: Encodable {
  private struct Wish: Decodable {
    struct Object: Decodable {
      var oid: String
      var size: Int
    }
    var operation: String
    var objects: [Object]
  }

  private struct Object: Encodable {
    struct Link: Encodable { var href: String }
    struct Fault: Encodable {
      var code = 404
      var message = "Object does not exist"
    }
    var oid: String
    var size: Int
    var actions: [String: Link]?
    var error: Fault?
  }

  private var transfer = "basic"
  private var objects: [Object]

  /// Reads a question; `nil` when it is none about downloads.
  ///
  /// - Parameter link: where the file of a name lies; `nil` when there is none.
  init?(_ body: [UInt8], link: (String) -> String?) {
    guard let wish = try? JSONDecoder().decode(Wish.self, from: Data(body)),
      wish.operation == "download"
    else { return nil }
    objects = wish.objects.map { object in
      guard let href = link(object.oid) else {
        return Object(oid: object.oid, size: object.size, error: .init())
      }
      return Object(
        oid: object.oid, size: object.size, actions: ["download": .init(href: href)])
    }
  }

  /// The answer as it is sent.
  var answer: FaultAnswer {
    .status(
      200, headers: ["Content-Type": "application/vnd.git-lfs+json"],
      body: (try? JSONEncoder().encode(self)).map { Array($0) } ?? [])
  }
}
