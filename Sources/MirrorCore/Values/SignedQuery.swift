/// The query parameters that carry a signature or a token.
///
/// Such a parameter is a credential, not a name: it is sent, but never recorded. The names are those
/// of Azure's shared access signatures, of AWS and Google signed URLs, and the common token words.
enum SignedQuery {
  private static let names: Set<String> = [
    "sig", "se", "sp", "sv", "sr", "st", "spr", "sip", "ske", "skoid", "sks", "skt", "sktid", "skv",
    "signature", "expires", "key-pair-id", "policy", "awsaccesskeyid", "googleaccessid",
    "access_token", "private_token", "token", "api_key", "apikey", "auth", "jwt",
  ]
  private static let proofs: Set<String> = [
    "sig", "signature", "access_token", "private_token", "token", "api_key", "apikey", "auth",
    "jwt",
  ]

  /// Leaves the signature's parameters out.
  ///
  /// A query without one comes back unchanged, parameters named `se` or `policy` included.
  ///
  /// - Returns: `nil` when nothing is left.
  static func strip(_ query: String) -> String? {
    let parameters = query.split(separator: "&", omittingEmptySubsequences: false)
    let isSigned = parameters.contains { proofs.contains(name(of: $0)) || isCloud(name(of: $0)) }
    guard isSigned else { return query }
    let kept = parameters.filter { !names.contains(name(of: $0)) && !isCloud(name(of: $0)) }
    return kept.isEmpty ? nil : kept.joined(separator: "&")
  }

  private static func name(of parameter: Substring) -> String {
    parameter.prefix { $0 != "=" }.lowercased()
  }

  private static func isCloud(_ name: String) -> Bool {
    name.hasPrefix("x-amz-") || name.hasPrefix("x-goog-")
  }
}
