import Foundation

/// What is done before a server starts, and beside it.
enum Peers {
  /// Runs a bash script, which must succeed; the servers' own programs are on its PATH.
  static func prepare(_ script: String, in folder: String) async throws {
    var environment = Tool.environment(home: folder)
    for name in environment.keys where name.lowercased().hasSuffix("_proxy") {
      environment[name] = nil
    }
    let path = environment["PATH"] ?? ""
    environment["PATH"] = "\(path):/usr/sbin:/sbin:\(PeerServer.pythonTools)"
    let outcome = try await Tool.run(["bash", "-ec", script], in: folder, environment: environment)
    guard outcome.status == 0 else {
      throw PeerServer.Failure(description: "\(outcome.text)\(outcome.errors)")
    }
  }
}
