import MirrorTesting

/// A gateway of `mirror serve` for the length of a shell script.
enum Served {
  /// Runs a shell script beside a gateway, which is asked to end afterwards.
  ///
  /// In the script `mirror` is the program under test, `$port` the gateway's port, and `$line` what it
  /// said first. What it says until its end is on standard error.
  /// - Parameter prefix: a command in the shell that runs the gateway in its own place, such as `nohup`.
  static func script(
    _ options: String = "", _ script: String, in folder: String,
    environment: [String: String] = [:], under prefix: String = ""
  ) async throws -> Tool.Outcome {
    let whole = """
      mirror() { '\(Tool.mirror)' "$@"; }
      mkfifo said
      \(prefix) '\(Tool.mirror)' serve \(options) 2> said &
      server=$!
      trap 'kill -9 $server 2> /dev/null' EXIT
      exec 3< said
      read -r line <&3
      port=${line##*:}
      \(script)
      kill -TERM $server
      wait $server
      echo "ended with $?"
      cat <&3 >&2
      """
    return try await Tool.run(
      ["sh", "-c", whole], in: folder,
      environment: Tool.environment(home: folder).merging(environment) { $1 })
  }
}
