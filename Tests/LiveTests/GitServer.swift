import Foundation

/// Git's own server, `git http-backend`, behind a small HTTP server of Python's, which also keeps large
/// files in the folder `large`, by their names.
final class GitServer: Sendable {
  /// The folder of its repositories.
  let root: String
  /// `http://127.0.0.1:PORT`.
  let url: String
  private let logPath: String

  private init(root: String, url: String, logPath: String) {
    self.root = root
    self.url = url
    self.logPath = logPath
  }

  /// What it does with every pack that it sends.
  enum Fault: String, Sendable {
    /// Ends it after its half, in good order.
    case cut
    /// Hangs up in its middle.
    case hangUp
    /// Sends other bytes.
    case flip
  }

  /// Runs the server as long as the body runs.
  ///
  /// - Parameter login: the Authorization header that it asks for.
  static func run(
    in folder: String, login: String = "", fault: Fault? = nil,
    _ body: (GitServer) async throws -> Void
  ) async throws {
    let root = "\(folder)/upstream"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let log = "\(folder)/server.log"
    try Data().write(to: URL(filePath: log))
    try program.write(toFile: "\(folder)/server.py", atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "\(folder)/server.py", root, log, login, fault?.rawValue ?? ""]
    var environment = ProcessInfo.processInfo.environment
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    environment["HOME"] = folder
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    // It ends when its input does. Waiting for it with Foundation would spin for ever on a thread of tasks.
    let input = Pipe()
    process.standardInput = input
    try process.run()
    defer { try? input.fileHandleForWriting.close() }
    var line = Data()
    while line.last != 0x0A {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      guard !byte.isEmpty else { throw CocoaError(.fileReadUnknown) }
      line += byte
    }
    let port = String(decoding: line.dropLast(), as: UTF8.self)
    try await body(GitServer(root: root, url: "http://127.0.0.1:\(port)", logPath: log))
  }

  /// What it was asked, one line each: method, target, and `fetch` where objects were asked for.
  var log: [String] {
    let text = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { String($0) }
  }

  /// How often objects were fetched.
  var fetches: Int { log.count { $0.hasSuffix(" fetch") } }

  private static let program = """
    import http.server, json, os, socketserver, subprocess, sys, threading
    root, log, login, fault = sys.argv[1:5]
    def spoil(answer):
      # The pack lies in the packets of the first band (gitprotocol-common(5)).
      packets, at = [], 0
      while at < len(answer):
        size = max(int(answer[at:at + 4], 16), 4)
        packets.append(answer[at:at + size]); at += size
      left, place, spoilt = sum(len(p) - 5 for p in packets if p[4:5] == b"\\1") // 2, 0, b""
      for packet in packets:
        if packet[4:5] == b"\\1":
          data = packet[5:]
          if fault == "cut": data, left = data[:left], max(left - len(data), 0)
          else: data, place = bytes(b ^ 0x55 if place + i >= 40 else b for i, b in enumerate(data)), place + len(data)
          packet = b"%04x\\1" % (len(data) + 5) + data if data else b""
        spoilt += packet
      return spoilt
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def log_message(self, *words): pass
      def do_GET(self): self.serve(b"")
      def do_PUT(self): self.do_POST()
      def give(self, status, body, kind="application/vnd.git-lfs+json"):
        self.send_response(status); self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
      def large(self, path, body):
        if path.endswith("/objects/batch"):
          wish = json.loads(body)
          word = "download" if wish["operation"] == "download" else "upload"
          return self.give(200, json.dumps({"transfer": "basic", "objects": [
            {"oid": o["oid"], "size": o["size"], "authenticated": True, "error": {"code": 404, "message": "Object does not exist on the server"}}
            if word == "download" and not os.path.exists(f"{root}/large/{o['oid']}") else
            {"oid": o["oid"], "size": o["size"], "authenticated": True, "actions":
              {word: {"href": f"http://{self.headers['Host']}/large/{o['oid']}"}}}
            for o in wish["objects"]]}).encode())
        if not path.startswith("/large/"): return self.give(404, b"{}")
        if self.command == "PUT":
          os.makedirs(f"{root}/large", exist_ok=True)
          with open(root + path, "wb") as file: file.write(body)
          return self.give(200, b"")
        with open(root + path, "rb") as file: self.give(200, file.read(), "application/octet-stream")
      def do_POST(self):
        body = b""
        if "Content-Length" in self.headers: body = self.rfile.read(int(self.headers["Content-Length"]))
        else:
          while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            body += self.rfile.read(size); self.rfile.readline()
            if not size: break
        self.serve(body)
      def serve(self, body):
        path, _, query = self.path.partition("?")
        kind = "fetch" if b"command=fetch" in body or body[:2] == b"\\x1f\\x8b" else "-"
        with open(log, "a") as file: file.write(f"{self.command} {self.path} {kind}\\n")
        if login and self.headers.get("Authorization") != login:
          self.send_response(401); self.send_header("WWW-Authenticate", "Basic realm=x")
          self.send_header("Content-Length", "0"); self.end_headers(); return
        if "/info/lfs/" in path or path.startswith("/large/") or path.endswith("/objects/batch"):
          return self.large(path, body)
        env = dict(os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path,
          QUERY_STRING=query, REQUEST_METHOD=self.command, CONTENT_LENGTH=str(len(body)),
          CONTENT_TYPE=self.headers.get("Content-Type", ""), REMOTE_ADDR="127.0.0.1")
        for name, key in (("Git-Protocol", "HTTP_GIT_PROTOCOL"),
            ("Content-Encoding", "HTTP_CONTENT_ENCODING")):
          if name in self.headers: env[key] = self.headers[name]
        backend = subprocess.Popen(["git", "http-backend"], env=env, stdin=subprocess.PIPE,
          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        def feed():
          try: backend.stdin.write(body); backend.stdin.close()
          except OSError: pass
        threading.Thread(target=feed, daemon=True).start()
        status, fields = 200, []
        while True:
          line = backend.stdout.readline().decode().strip()
          if not line: break
          name, value = line.split(": ", 1)
          if name == "Status": status = int(value.split()[0])
          else: fields.append((name, value))
        self.send_response(status)
        for name, value in fields: self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked"); self.end_headers()
        if fault and kind == "fetch":
          answer = backend.stdout.read()
          answer = answer[:len(answer) // 2] if fault == "hangUp" else spoil(answer)
          self.wfile.write(b"%x\\r\\n" % len(answer) + answer + b"\\r\\n")
          if fault == "hangUp": self.close_connection = True; return
        while True:
          piece = backend.stdout.read1(1 << 16)
          if not piece: break
          self.wfile.write(b"%x\\r\\n" % len(piece) + piece + b"\\r\\n")
        self.wfile.write(b"0\\r\\n\\r\\n"); backend.wait()
    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
      daemon_threads = True
      request_queue_size = 128
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}
