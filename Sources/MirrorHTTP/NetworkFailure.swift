internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The words for an error of the network, as a person would say them.
enum NetworkFailure {
  static func reason(of error: any Error) -> String {
    switch error {
    case let error as HTTPClientError where error == .connectTimeout:
      "did not accept the connection in time"
    case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded:
      "fell silent"
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      "closed the connection"
    case let error as HTTPClientError:
      error.shortDescription
    case let error as NIOConnectionError:
      if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
        "its name is not known"
      } else {
        error.connectionErrors.first.map { reason(of: $0.error) } ?? "refused the connection"
      }
    case let error as IOError:
      String(cString: strerror(error.errnoCode)).lowercased()
    default:
      "\(error)"
    }
  }
}

/// The words for a channel that cannot be trusted.
enum TLSFailure {
  /// `nil` when the error is not about trust.
  static func reason(of error: any Error) -> String? {
    switch error {
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      "its certificate is for another host"
    case let error as NIOSSLError:
      switch error {
      case .handshakeFailed(let cause):
        "\(cause)".contains("CERTIFICATE_VERIFY_FAILED")
          ? "its certificate is not signed by a known authority or has expired" : "\(cause)"
      case .unableToValidateCertificate, .noCertificateToValidate: "it shows no valid certificate"
      default: nil
      }
    default: nil
    }
  }
}
