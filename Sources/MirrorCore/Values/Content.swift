/// What a source says of the bytes it gives: the facts a tool may ask for again.
public struct Content: Hashable, Sendable {
  /// The identity of the URL that the bytes came from in the end, after redirects.
  public var location: String?
  /// Where the origin redirected to, for tools that do not follow redirects by themselves.
  public var redirect: String?
  /// The declared length in bytes, where there is one.
  public var size: Int?
  /// The media type (HTTP's Content-Type).
  public var type: String?
  /// HTTP's Content-Disposition.
  public var disposition: String?
  /// HTTP's Last-Modified, as sent.
  public var lastModified: String?
  /// HTTP's ETag, as sent.
  public var entityTag: String?

  /// Creates a description; leave out what is not known.
  public init(
    location: String? = nil, redirect: String? = nil, size: Int? = nil, type: String? = nil,
    disposition: String? = nil,
    lastModified: String? = nil, entityTag: String? = nil
  ) {
    self.location = location
    self.redirect = redirect
    self.size = size
    self.type = type
    self.disposition = disposition
    self.lastModified = lastModified
    self.entityTag = entityTag
  }

  /// The validator that a resumed transfer may rely on: a strong ETag, else Last-Modified
  /// (RFC 9110, 13.1.5).
  public var validator: String? {
    if let entityTag, !entityTag.hasPrefix("W/") { return entityTag }
    return lastModified
  }
}
