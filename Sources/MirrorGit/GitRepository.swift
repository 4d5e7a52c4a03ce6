package import MirrorCore

/// A repository as a tool named it.
///
/// Its identity is the URL without a login, without slashes at the end and without `.git`, for tools
/// write the same repository in all of these ways.
package struct GitRepository: Hashable, Sendable {
  /// The address as typed.
  ///
  /// The scheme is `scp` where it was `git@HOST:PATH`, whose path is relative to
  /// a home and therefore not the one of `ssh://HOST/PATH`.
  let locator: Locator

  package init(_ locator: Locator) { self.locator = locator }

  /// Reads `https://…`, `http://…`, `ssh://…`, `git://…` or `USER@HOST:PATH`; `nil` for anything else.
  package init?(_ text: String) {
    if let locator = Locator(text) {
      guard Self.schemes.contains(locator.scheme) else { return nil }
      self.init(locator)
      return
    }
    guard !text.contains("://"), let colon = text.firstIndex(of: ":"),
      let at = text[..<colon].firstIndex(of: "@")
    else { return nil }
    self.init(
      scheme: "scp", "\(text[..<colon]):\(text[text.index(after: colon)...])",
      user: String(text[..<at]))
  }

  /// Reads what follows `SCHEME/` in the gateway's paths; `nil` when that is no address.
  package init?(scheme: String, rest: String) {
    guard rest.utf8.count <= Self.longest else { return nil }
    if scheme == "scp" {
      self.init(scheme: scheme, "git@\(rest)", user: "git")
    } else {
      guard Self.schemes.contains(scheme), let locator = Locator("\(scheme)://\(rest)") else {
        return nil
      }
      self.init(locator)
    }
  }

  private init?(scheme: String, _ text: String, user: String) {
    let address = text.dropFirst(user.count + 1)
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
      let colon = address.firstIndex(of: ":"), colon != address.startIndex
    else { return nil }
    locator = Locator(
      scheme: scheme, host: String(address[..<colon]),
      path: "/\(address[address.index(after: colon)...])", userInfo: Secret(user))
  }

  /// The most that an address may be long, in bytes; it is in messages and in the names of the lock.
  private static let longest = 4096

  /// The schemes of addresses that lead through a network.
  static let schemes = ["https", "http", "ssh", "git"]

  /// The name in lock, store and ledger.
  package var identity: String { locator.endpoint + "/" + path }

  /// The path without a slash before or behind, and without `.git`.
  var path: String {
    var path = Locator(scheme: "http", host: "h", path: locator.path).identity.dropFirst(8)
    while path.hasSuffix("/") { path = path.dropLast() }
    if path.hasSuffix(".git"), !path.hasSuffix("/.git"), path.count > 4 { path = path.dropLast(4) }
    while path.hasSuffix("/") { path = path.dropLast() }
    return String(path.drop { $0 == "/" })
  }

  /// The last part of the path.
  var name: String { path.split(separator: "/").last.map { String($0) } ?? locator.host }

  /// What stands before the name; empty where nothing does.
  var owner: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  /// The address as git is given it: as typed, but for a password, which must not be an argument.
  var url: String {
    let user = locator.userInfo?.reveal().split(separator: ":").first.map { "\($0)@" } ?? ""
    if locator.scheme == "scp" { return "\(user)\(locator.host):\(locator.path.dropFirst())" }
    if locator.scheme == "http" || locator.scheme == "https", login != nil { return locator.url }
    return "\(locator.scheme)://\(user)\(locator.authority)\(locator.target)"
  }

  /// `user:password` of the address, where it holds one.
  var login: Secret? {
    guard let info = locator.userInfo?.reveal(), info.contains(":") else { return nil }
    return Secret(PercentEncoding.decode(info))
  }

  // MARK: Requests

  /// The look-up of its refs.
  ///
  /// - Parameter pin: the commit that HEAD must be.
  func refs(pin: String? = nil) -> Request {
    Request(
      ecosystem: .git, identity: identity, package: package(nil),
      ownerName: "\(locator.host)/\(path)", origin: locator, fileName: "", changes: true,
      isRecorded: true, attributes: pin.map { ["commit": $0] } ?? [:])
  }

  /// The request for one commit, or another object, that the refs do not lead to.
  ///
  /// Its bytes say that it is there; they are known beforehand, and the object's name is its digest.
  func object(_ id: String) -> Request {
    Request(
      ecosystem: .git, identity: "\(identity)@\(id)", package: package(id),
      ownerName: "\(locator.host)/\(path)", origin: locator, fileName: "",
      digests: [ContentHash.sha256(of: receipt(for: id).utf8)], attributes: ["commit": id])
  }

  /// The bytes of the request for an object.
  func receipt(for id: String) -> String { "\(identity) has \(id)\n" }

  private func package(_ version: String?) -> PackageURL {
    PackageURL(
      type: "generic", name: name, version: version, qualifiers: ["vcs_url": "git+\(identity)"])
  }
}
