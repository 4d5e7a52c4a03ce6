extension CommandGrammar {
  /// The options of GNU wget 1.21 (wget(1)) that leave a redirected download the same download.
  ///
  /// Deliberately absent, and so declined:
  /// - what prints or does something else: --version, --help, --execute, --config;
  /// - request bodies, methods, headers, cookies, credentials: --post-*, --body-*, --method,
  ///   --header, --load-cookies, --save-cookies, --keep-session-cookies, --user, --password,
  ///   --ask-password, --use-askpass, --http-*, --ftp-*, --auth-no-challenge;
  /// - proxies and addresses: --proxy, --no-proxy, -Y, --proxy-*, --bind-address,
  ///   --bind-dns-address, --dns-servers, and --inet6-only, because the gateway listens on IPv4;
  /// - trust that the gateway cannot take over: --ca-*, --certificate*, --private-key*,
  ///   --crl-file, --pinnedpubkey, --egd-file, --random-file;
  /// - what shows the host or the headers in files: --recursive and everything that only serves
  ///   it, --force-directories, --directories, --protocol-directories, --page-requisites,
  ///   --mirror, --convert-*, --backup-converted, --save-headers, --xattr, --rejected-log,
  ///   --warc-*, metalink, and --trust-server-names, because the gateway follows redirects;
  /// - --debug, which prints the proxy's credentials;
  /// - --force-html and --base, which change what --input-file means; --remote-encoding,
  ///   --local-encoding, and the FTP options, which mean nothing for a URL we redirect.
  static let wget = CommandGrammar(
    tool: "wget", takesEqualsSign: true, guessesScheme: false, followsByDefault: true,
    options: [
      // Startup, logging and input
      .flag("background", "b"),
      .value("output-file", "o"),
      .value("append-output", "a"),
      .flag("quiet", "q"),
      .flag("verbose", "v"),
      .flag("report-speed"),
      .value("input-file", "i", .inputFile),
      .flag("no-config", nil, .ignoresConfiguration),
      // -nc, -nv, -nd, -nH, -np: one option, whose value is a string of letters.
      .value("no", "n", .keptIf { $0.utf8.allSatisfy { "cvdHp".utf8.contains($0) } }),

      // Download
      .value("tries", "t"),
      .flag("retry-connrefused"),
      .flag("retry-on-host-error"),
      .value("retry-on-http-error"),
      .value("output-document", "O"),
      .flag("clobber"),
      .flag("no-clobber"),
      .flag("no-netrc", nil, .ignoresNetrc),
      .flag("continue", "c"),
      .value("start-pos"),
      .value("progress"),
      .value("dot-style"),
      .flag("show-progress"),
      .flag("timestamping", "N"),
      .flag("if-modified-since"),
      .flag("use-server-timestamps"),
      .flag("server-response", "S"),
      .flag("spider"),
      .value("timeout", "T"),
      .value("dns-timeout"),
      .value("connect-timeout"),
      .value("read-timeout"),
      .value("wait", "w"),
      .value("waitretry"),
      .flag("random-wait"),
      .value("quota", "Q"),
      .value("limit-rate"),
      .flag("dns-cache"),
      .flag("restrict-file-names"),
      .flag("inet4-only", "4"),
      .value("prefer-family"),
      .flag("iri"),
      .flag("unlink"),
      .flag("backups"),
      .flag("delete-after"),

      // Directories
      .flag("no-directories"),
      .flag("host-directories"),
      .flag("no-parent"),
      .value("directory-prefix", "P"),
      .value("cut-dirs"),

      // HTTP and HTTPS
      .flag("cache"),
      .value("default-page"),
      .flag("adjust-extension", "E"),
      .flag("html-extension"),
      .flag("ignore-length"),
      .value("compression"),
      .value("max-redirect", nil, .redirectLimit),
      .value("referer"),
      .value("user-agent", "U"),
      .flag("http-keep-alive"),
      .flag("cookies"),
      .flag("content-disposition"),
      .flag("content-on-error"),
      .value("secure-protocol"),
      .flag("https-only"),
      .flag("check-certificate"),
      .value("ciphers"),
      .flag("hsts"),
      .value("hsts-file"),
      .flag("passive-ftp"),
    ])
}
