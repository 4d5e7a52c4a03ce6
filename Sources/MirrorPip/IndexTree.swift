import MirrorCore

/// The files of a static simple index (PEP 503, with the hashes of its links and the metadata of PEP 658):
/// pages that list exactly what a lock has, with relative links.
struct IndexTree {
  let files: [StaticFile]

  init(_ entries: [LockEntry]) {
    var files: [StaticFile] = []
    let digests = Dictionary(
      entries.compactMap { entry -> (String, Digest)? in
        guard let package = PackageURL(entry.identity), let digest = entry.bytes?.digest,
          let name = package.qualifiers["file_name"]
        else { return nil }
        return ("packages/\(package.name)/\(name)", digest)
      }
    ) { $1 }
    let projects = LockedProject.all(in: entries)
    for project in projects {
      var page = ProjectPage(name: project.name, files: project.files)
      page.files = page.files.map { file in
        var file = file
        file.url = "../../packages/\(project.name)/\(PercentEncoding.encode(file.filename))"
        return file
      }
      files.append(
        StaticFile(
          path: "simple/\(project.name)/index.html",
          bytes: .made(Array(HTMLPage.render(page).utf8))))
    }
    let links = projects.map { "<a href=\"\($0.name)/\">\($0.name)</a><br/>\n" }.joined()
    let root = """
      <!DOCTYPE html>
      <html><head><meta name="pypi:repository-version" content="1.0"><title>Simple index</title></head>
      <body>
      \(links)</body></html>

      """
    files.append(StaticFile(path: "simple/index.html", bytes: .made(Array(root.utf8))))
    files += digests.map { StaticFile(path: $0.key, bytes: .stored($0.value)) }
    self.files = files.sorted { $0.path < $1.path }
  }
}
