import Foundation

/// nginx, with a configuration of the test's own.
enum Nginx {
  /// Runs it with these server blocks, in which `PORT` is its port.
  static func start(in folder: String, _ server: String) async throws -> PeerServer {
    let home = "\(folder)/nginx-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    return try await PeerServer.start(log: "\(home)/log") { port in
      let text = """
        daemon off; pid \(home)/pid; error_log stderr warn; worker_processes 1;
        \(getuid() == 0 ? "user root;" : "")
        events { worker_connections 256; }
        http {
          include /etc/nginx/mime.types; access_log \(home)/access; default_type application/octet-stream;
          client_body_temp_path \(home)/body; proxy_temp_path \(home)/proxy;
          fastcgi_temp_path \(home)/fastcgi; uwsgi_temp_path \(home)/uwsgi;
          scgi_temp_path \(home)/scgi;
          server { listen 127.0.0.1:\(port); \(server) }
        }
        """
      try text.write(toFile: "\(home)/conf", atomically: true, encoding: .utf8)
      return ["nginx", "-e", "stderr", "-c", "\(home)/conf"]
    }
  }

  /// A folder as it is.
  static func serve(_ root: String, in folder: String) async throws -> PeerServer {
    try await start(in: folder, "root \(root);")
  }

  /// A door that asks for a login in front of a server that has none.
  static func guarding(
    _ url: String, login: String, in folder: String
  ) async throws -> PeerServer {
    let words = login.split(separator: ":", maxSplits: 1)
    let users = "\(folder)/users-\(UUID().uuidString.prefix(8))"
    try "\(words[0]):{PLAIN}\(words[1])\n".write(toFile: users, atomically: true, encoding: .utf8)
    return try await start(
      in: folder,
      """
      location / {
        auth_basic mirror; auth_basic_user_file \(users);
        proxy_pass \(url); proxy_set_header Host $http_host; proxy_set_header Authorization "";
        proxy_http_version 1.1; proxy_pass_request_body on; client_max_body_size 0;
      }
      """)
  }

  /// Repositories below a root, by git's own `http-backend`, at paths below a prefix.
  static func git(
    _ root: String, below prefix: String, in folder: String
  ) async throws -> [PeerServer] {
    let programs = try await Tool.run(["git", "--exec-path"], in: folder).text
      .split(separator: "\n").joined()
    return try await program(
      "\(programs)/git-http-backend", below: prefix, in: folder,
      ["GIT_HTTP_EXPORT_ALL": "1", "GIT_PROJECT_ROOT": root, "HOME": folder])
  }

  /// A CGI program at paths below a prefix.
  static func program(
    _ path: String, below prefix: String, in folder: String, _ variables: [String: String]
  ) async throws -> [PeerServer] {
    let socket = "\(folder)/fcgi.sock"
    let wrapper = try await PeerServer.start(
      log: "\(folder)/fcgi.log", socket: socket, ["fcgiwrap", "-c", "2", "-s", "unix:\(socket)"])
    let parameters = variables.sorted { $0.key < $1.key }
      .map { "fastcgi_param \($0.key) \($0.value);" }.joined(separator: " ")
    let server = try await start(
      in: folder,
      """
      location ~ ^\(prefix)(/.*)$ {
        fastcgi_pass unix:\(socket); include /etc/nginx/fastcgi_params;
        fastcgi_param SCRIPT_FILENAME \(path); fastcgi_param PATH_INFO $1;
        \(parameters) client_max_body_size 0;
        fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol;
      }
      """)
    return [wrapper, server]
  }
}
