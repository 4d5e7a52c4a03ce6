import FoundationEssentials
import MirrorCore

/// The answer to git-lfs's question where it can get files: from here (git-lfs, docs/api/batch.md).
///
/// Nothing is looked for yet; a file that cannot be had is refused when it is asked for.
struct LargeFileBatch {
  let question: LargeFileQuestion

  /// The media type of the protocol.
  static let type = "application/vnd.git-lfs+json"

  /// The most files that one question may name; git-lfs names a hundred.
  private static let limit = 10_000

  private struct Wish: Decodable {
    struct Object: Decodable {
      var oid: String
      var size: Int
    }
    var operation: String
    var transfers: [String]?
    var objects: [Object]
    var hash: String?

    enum CodingKeys: String, CodingKey {
      case operation, transfers, objects
      case hash = "hash_algo"
    }
  }

  private struct Offer: Encodable {
    struct Link: Encodable { var href: String }
    struct Fault: Encodable {
      var code: Int
      var message: String
    }
    struct Object: Encodable {
      var oid: String
      var size: Int
      // So that nobody is asked for a login here: the gateway's token is a setting of git.
      var authenticated = true
      var actions: [String: Link]?
      var error: Fault?
    }
    var transfer = "basic"
    var objects: [Object]
    var hash = "sha256"

    enum CodingKeys: String, CodingKey {
      case transfer, objects
      case hash = "hash_algo"
    }
  }

  /// Answers the question in a body.
  ///
  /// - Parameter host: how whoever asks reaches the gateway.
  func answer(to body: [UInt8], host: String) -> Document {
    guard let wish = try? JSONDecoder().decode(Wish.self, from: Data(body)) else {
      return Self.refusal(422, "the question is not one of git-lfs's")
    }
    guard wish.operation == "download" else {
      return Self.refusal(403, "nothing is uploaded here; a push goes to the original")
    }
    guard wish.hash ?? "sha256" == "sha256" else {
      return Self.refusal(409, "files are named by sha256 here")
    }
    guard wish.transfers.map({ $0.isEmpty || $0.contains("basic") }) ?? true else {
      return Self.refusal(422, "files are carried by the adapter basic alone")
    }
    guard wish.objects.count <= Self.limit else {
      return Self.refusal(413, "more than \(Self.limit) files are asked for at once")
    }
    let objects = wish.objects.map { object in
      guard Digest(.sha256, hex: object.oid) != nil, object.size >= 0 else {
        return Offer.Object(
          oid: object.oid, size: object.size,
          error: .init(code: 422, message: "mirror: is no SHA-256 and length of a file"))
      }
      let link = "http://\(host)/git/\(question.folder)/\(object.oid)?size=\(object.size)"
      return Offer.Object(
        oid: object.oid, size: object.size, actions: ["download": .init(href: link)])
    }
    return Self.document(200, Offer(objects: objects))
  }

  /// A refusal, which git-lfs shows.
  static func refusal(_ status: Int, _ words: String) -> Document {
    document(status, ["message": "mirror: \(words)"])
  }

  private static func document(_ status: Int, _ content: some Encodable) -> Document {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Document(
      status: status, type: type, bytes: (try? encoder.encode(content)).map { Array($0) } ?? [])
  }
}
