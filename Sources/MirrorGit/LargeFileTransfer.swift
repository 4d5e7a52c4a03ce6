import MirrorCore

/// Brings a file of Git LFS from a source, as git-lfs itself would: with the user's logins, over ssh
/// (`git-lfs-authenticate`), wherever the server's answer leads.
struct LargeFileTransfer: Sendable {
  /// What came of it.
  enum Outcome: Sendable {
    /// All of its bytes went to the sink.
    case fetched
    /// The source has no such thing, for this reason.
    case absent(String)
  }

  let file: LargeFile
  /// The address of the repository, or of the server.
  let address: String
  let client: GitClient
  let shelf: RepositoryShelf

  /// Fetches the file.
  ///
  /// - Throws: what the source's failure is.
  func fetch(to sink: any ByteSink) async throws(MirrorError) -> Outcome {
    let folder = try shelf.makeScratchRepository()
    defer { Disk.removeTree(folder) }
    var client = client
    client.settings += [
      file.place.isOfRepository ? ("remote.origin.url", address) : ("lfs.url", address),
      ("lfs.fetchinclude", ""), ("lfs.fetchexclude", ""), ("lfs.skipdownloaderrors", "false"),
      ("lfs.transfer.maxretries", String(client.patience.retries)),
    ]
    for key in ["lfs.activitytimeout", "lfs.dialtimeout", "lfs.tlstimeout"] {
      client.settings.append((key, String(client.patience.seconds)))
    }
    let progress = "\(folder)/progress"
    client.variables = [
      "GIT_DIR": folder, "GIT_LFS_SKIP_SMUDGE": "0", "GIT_LFS_PROGRESS": progress,
    ]
    let content = Content(location: Locator.redacting(address), type: "application/octet-stream")
    try sink.begin(content, at: 0)
    let end = try await client.stream(
      ["lfs", "smudge"], input: Array(file.pointer.utf8), file: progress
    ) {
      bytes throws(MirrorError) in
      try bytes.withUnsafeBufferPointer { buffer throws(MirrorError) in
        try sink.write(UnsafeRawBufferPointer(buffer))
      }
    }
    guard end.status != 0 else { return .fetched }
    if end.errors.contains("'lfs' is not a git command") {
      throw MirrorError(
        .misconfigured, "\(client.subject): git-lfs is not installed where the mirror runs")
    }
    switch GitFailure(end.errors, absentCodes: client.absentCodes) {
    case .absent(let line): return .absent("\(client.subject): \(client.source): \(line)")
    case .error(let code, let line, _):
      throw MirrorError(code, "\(client.subject): \(client.source): \(line)")
    }
  }
}
