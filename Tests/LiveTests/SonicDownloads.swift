import MirrorCore
import MirrorTesting

/// The forms in which SONiC's recipes call wget and curl, and a server for them.
enum SonicDownloads {
  /// A shell script with every form that a server of this URL allows.
  static func forms(of url: String) -> String {
    let forms = url.hasPrefix("https:") ? "\(forms)\n\(secureForms)" : forms
    return forms.replacing("URL", with: url)
  }

  /// Answers every path of the forms.
  static func serve(on server: FaultServer) {
    server.setDefault(.file(bytes, etag: "v1", lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"))
    server.script("/script", .file(Array("echo ran\n".utf8)))
    server.script("/moved.tgz", .redirect(to: "\(server.url)/c.tgz"))
  }

  /// Answers with a source package of two parts below a folder, as dget reads it.
  static func serveSource(on server: FaultServer) {
    let parts = ["tool_1.0.orig.tar.gz": bytes, "tool_1.0-1.debian.tar.xz": Array("patches".utf8)]
    var description = """
      Format: 3.0 (quilt)
      Source: tool
      Version: 1.0-1
      Files:

      """
    for (name, bytes) in parts.sorted(by: { $0.key < $1.key }) {
      var hash = ContentHash(also: [.md5])
      bytes.withUnsafeBytes { hash.update($0) }
      let sum = hash.digests().first { $0.algorithm == .md5 }?.hex ?? ""
      description += " \(sum) \(bytes.count) \(name)\n"
      server.script("/pool/\(name)", .file(bytes))
    }
    server.script("/pool/tool_1.0-1.dsc", .file(Array(description.utf8)))
  }

  private static let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }

  private static let forms = """
    wget -q URL/a.tgz
    wget -O named.tgz URL/b.tgz
    wget -q URL/c.tgz -O late.tgz
    wget -NO stamped.tgz URL/d.tgz
    wget -N -O stamped-2.tgz URL/d.tgz
    wget -O stamped-3.tgz -N URL/d.tgz
    wget --quiet -O quiet.tgz URL/a.tgz
    wget -v -O told.tgz URL/a.tgz
    wget -nc URL/e.tgz
    wget -c URL/f.tgz
    wget -c URL/g.tgz -O - | sha256sum > piped
    wget -qO- URL/g.tgz | sha256sum > piped-2
    wget --no-verbose --tries=3 -O verbose.tgz URL/h.tgz
    wget -q -P folder URL/i.tgz
    wget -q URL/j.tgz URL/k.tgz
    wget -q 'URL/l?mode=json' -O query
    wget --https-only URL/o.tgz
    wget --spider --server-response URL/p.tgz URL/q.tgz
    wget -q URL//double//slash.tgz
    wget -q 'URL/percent%2Bplus+.tgz'
    curl -o c1 URL/a.tgz
    curl -k -o c2 URL/b.tgz
    curl -L -f -o c3 URL/c.tgz
    curl -fsSL -o c4 URL/moved.tgz
    curl -fsSL URL/d.tgz -o c5
    curl -fsSL URL/script | bash > c6
    curl --fail --show-error --location -o c7 URL/e.tgz
    curl --fail --show-error --location --retry 3 --retry-delay 5 -O URL/m.tgz
    curl URL/n.tgz > c8
    """

  private static let secureForms = """
    curl --proto "=https" -sSf URL/script | sh > c9
    """
}
