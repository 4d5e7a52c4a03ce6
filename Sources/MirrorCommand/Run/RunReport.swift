import MirrorCore

/// What a run adds up to, for people and for scripts.
struct RunReport: Encodable {
  struct Served: Encodable {
    var store: Int
    var mirrors: [String: Int]
    var origin: Int
  }

  /// How many different things were served.
  var artifacts: Int
  /// How many bytes they were.
  var bytes: Int
  /// Who served them.
  var served: Served
  /// What could not be served.
  var missed: [String]
  /// Corrupt answers.
  var incidents: [String]
  /// Connections that were not mirrored, by `host:port`.
  var opaque: [String: Int]
  /// The exit code of the run.
  var exit: Int32

  init(_ tally: Tally, exit: Int32) {
    artifacts = tally.artifacts
    bytes = tally.bytes
    served = Served(
      store: tally.served["store"] ?? 0,
      mirrors: tally.served.filter { $0.key != "store" && $0.key != "origin" },
      origin: tally.served["origin"] ?? 0)
    missed = tally.missed
    incidents = tally.incidents
    opaque = tally.opaque.merging(tally.refusedConnections) { $0 + $1 }
    self.exit = exit
  }

  /// The summary's lines.
  func summary(lock: String?) -> [String] {
    var sources: [String] = []
    if served.store > 0 { sources.append("\(served.store) from the store") }
    sources += served.mirrors.sorted { $0.key < $1.key }.map { "\($0.value) from \($0.key)" }
    if served.origin > 0 { sources.append("\(served.origin) from origin") }
    let kinds = sources.isEmpty ? "" : ": \(sources.joined(separator: ", "))"
    let recorded = lock.map { "; recorded in \($0)" } ?? ""
    var lines = ["\(Self.count(artifacts, "artifact")), \(Self.size(bytes))\(kinds)\(recorded)"]
    if !opaque.isEmpty {
      let hosts = opaque.sorted { $0.key < $1.key }.prefix(5).map { "\($0.key) ×\($0.value)" }
      let total = Self.count(opaque.values.reduce(0, +), "connection")
      lines.append(
        "\(total) to \(Self.count(opaque.count, "host")) not mirrored: "
          + hosts.joined(separator: ", ") + (opaque.count > 5 ? ", …" : ""))
    }
    if !missed.isEmpty {
      lines.append("\(Self.count(missed.count, "thing")) could not be served:")
      lines += missed.map { "  \($0)" }
    }
    return lines
  }

  /// A length as people say it.
  static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 || unit == "GB" {
        return unit == "B" ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(unit)"
      }
      value /= 1000
    }
    return "\(bytes) B"
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
