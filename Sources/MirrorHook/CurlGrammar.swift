extension CommandGrammar {
  /// The options of curl 7.88 to 8.x (curl(1)) that leave a redirected download the same download.
  ///
  /// Deliberately absent, and so declined:
  /// - what prints or does something else: --version, --help, --manual, --config, --next,
  ///   --variable, --expand-*, --engine, --libcurl, --metalink, --dump-ca-embed, --ipfs-gateway;
  /// - request bodies, other methods, headers, cookies, credentials: --data*, --form*, --json,
  ///   --upload-*, --request-target, --header, --cookie*, --junk-session-cookies, --user, --netrc*,
  ///   --cert*, --key*, --pass, --oauth2-bearer, --aws-sigv4, --digest and its like, --tls*user,
  ///   --delegation, --sasl-*, --post301 and its like, --etag-*;
  /// - proxies, addresses and names: --proxy*, --preproxy, --noproxy, --socks*, --connect-to,
  ///   --resolve, --interface, --local-port, --unix-socket, --abstract-unix-socket, --dns-*,
  ///   --doh-*, --haproxy-*, --ip-tos, --vlan-priority, --tcp-fastopen, --mptcp, --alt-svc, --hsts,
  ///   and --ipv6, because the gateway listens on IPv4;
  /// - trust that the gateway cannot take over: --cacert, --capath, --ca-native, --crlfile,
  ///   --pinnedpubkey, --cert-status, --ech, --ssl-sessions, --random-file, --egd-file,
  ///   --sslv2, --sslv3, --ssl, --ssl-reqd, --ssl-allow-beast, --ssl-auto-client-cert;
  /// - HTTP versions that a proxy does not speak: --http2, --http2-prior-knowledge, --http3*,
  ///   --http0.9; and --raw, --tr-encoding;
  /// - what shows response headers or the URL on standard output or in files: --include,
  ///   --show-headers, --head, --dump-header, --xattr;
  /// - --verbose and --trace*, which print the proxy's credentials;
  /// - the options of FTP, mail, SSH, telnet and TFTP.
  static let curl = CommandGrammar(
    tool: "curl", takesEqualsSign: false, guessesScheme: true, followsByDefault: false,
    options: [
      // What is fetched
      .value("url", nil, .url),
      .value("url-query"),
      .flag("get", "G"),
      .flag("globoff", "g"),
      .flag("path-as-is"),
      .flag("disallow-username-in-url"),
      .value("request", "X", .keptIf { $0 == "GET" || $0 == "HEAD" }),
      .flag("location", "L", .followsRedirects),
      .flag("location-trusted", nil, .followsRedirects),
      .flag("follow", nil, .followsRedirects),
      .value("max-redirs", nil, .redirectLimit),
      .value("proto", nil, .protocols),
      .value("proto-redir", nil, .keptIf { ProtocolList($0).permitsBoth }),
      .value("proto-default", nil, .defaultScheme),
      .value("range", "r"),
      .value("continue-at", "C"),
      .value("time-cond", "z"),
      .value("max-filesize"),
      .flag("compressed"),
      .flag("ignore-content-length"),
      .value("user-agent", "A"),
      .value("referer", "e"),

      // Where it goes
      .value("output", "o"),
      .flag("remote-name", "O"),
      .flag("remote-name-all"),
      .flag("remote-header-name", "J"),
      .flag("remote-time", "R"),
      .value("output-dir"),
      .flag("out-null"),
      .flag("create-dirs"),
      .value("create-file-mode"),
      .flag("clobber"),
      .flag("skip-existing"),
      .flag("remove-on-error"),
      .flag("buffer", "N"),

      // What is said
      .flag("disable", "q"),
      .flag("silent", "s"),
      .flag("show-error", "S"),
      .flag("progress-bar", "#"),
      .flag("progress-meter"),
      .flag("styled-output"),
      .flag("suppress-connect-headers"),
      .value("stderr"),
      .value("write-out", "w", .keptIf { WriteOutFormat($0).isHarmless }),
      .flag("fail", "f"),
      .flag("fail-early"),
      .flag("fail-with-body"),

      // How often and how long
      .value("retry"),
      .flag("retry-all-errors"),
      .flag("retry-connrefused"),
      .value("retry-delay"),
      .value("retry-max-time"),
      .value("connect-timeout"),
      .value("max-time", "m"),
      .value("speed-limit", "Y"),
      .value("speed-time", "y"),
      .value("limit-rate"),
      .value("rate"),
      .flag("parallel", "Z"),
      .flag("parallel-immediate"),
      .value("parallel-max"),
      .value("parallel-max-host"),

      // How the connection is made
      .flag("http1.0", "0"),
      .flag("http1.1"),
      .flag("ipv4", "4"),
      .value("happy-eyeballs-timeout-ms"),
      .flag("keepalive"),
      .value("keepalive-time"),
      .value("keepalive-cnt"),
      .flag("tcp-nodelay"),
      .flag("sessionid"),
      .flag("alpn"),
      .flag("npn"),
      .flag("false-start"),
      .flag("insecure", "k"),
      .flag("tlsv1", "1"),
      .flag("tlsv1.0"),
      .flag("tlsv1.1"),
      .flag("tlsv1.2"),
      .flag("tlsv1.3"),
      .value("tls-max"),
      .value("ciphers"),
      .value("tls13-ciphers"),
      .value("curves"),
      .value("sigalgs"),
      .flag("ssl-no-revoke"),
      .flag("ssl-revoke-best-effort"),
    ])
}
