#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a tool has no gateway, and what becomes of it: it goes on as it was called, or must not run.
package enum MissingGateway {
  /// None is named, neither by `MIRROR_GATEWAY` nor by this file.
  case unnamed(in: String)
  /// What this variable or file names is none.
  case unreadable(in: String)
  /// It does not answer.
  case silent(GatewayAddress)

  /// The variable that says that tools must not run without their gateway.
  package static let requirement = "MIRROR_REQUIRED"

  /// Whether the environment says so.
  package static var isRequired: Bool { ToolSurroundings.process.nonEmpty(requirement) != nil }

  /// What is the matter.
  package var text: String {
    switch self {
    case .unnamed(let file): "neither MIRROR_GATEWAY nor \(file) names a gateway"
    case .unreadable(let source): "the gateway of \(source) is no http://ADDRESS:PORT"
    case .silent(let gateway): "the gateway at \(gateway.place) does not answer"
    }
  }

  /// Says it in one line; ends the process where the tool must not run without a gateway.
  ///
  /// To have none, where none is required, is nothing to talk about.
  package func report(_ tool: String, isRequired: Bool = MissingGateway.isRequired) {
    if isRequired {
      Hook.say("mirror: \(text), and \(tool) must not run without it")
      exit(exitCode)
    }
    if case .unnamed = self { return }
    Hook.say("mirror: \(text); \(tool) goes on without it")
  }

  /// That of a gateway that is unavailable, or misconfigured.
  private var exitCode: Int32 {
    if case .unreadable = self { 25 } else { 21 }
  }
}
