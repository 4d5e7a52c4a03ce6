/// What a ``FaultServer`` shows to clients that come by TLS.
public enum TestCertificate: Sendable, CaseIterable {
  /// Names localhost and 127.0.0.1 and is signed by ``FaultServer/certificateAuthorityPEM``.
  case trusted
  /// Is signed by the same authority for another host.
  case wrongHost
  /// Names the right host and is signed by the same authority, but is long out of date.
  case expired
  /// Names the right host and is signed by itself.
  case selfSigned

  var certificatePEM: String {
    switch self {
    case .trusted: CertificateFixtures.trusted
    case .wrongHost: CertificateFixtures.wrongHost
    case .expired: CertificateFixtures.expired
    case .selfSigned: CertificateFixtures.selfSigned
    }
  }

  var privateKeyPEM: String {
    switch self {
    case .trusted: CertificateFixtures.trustedKey
    case .wrongHost: CertificateFixtures.wrongHostKey
    case .expired: CertificateFixtures.expiredKey
    case .selfSigned: CertificateFixtures.selfSignedKey
    }
  }
}
