import MirrorCore

/// What must be true of a module's files: the zip is that version's and has the sum that it must have.
///
/// The sums of zip and go.mod are computed and kept in the lock as `sum`, in the words of go.sum. Answers
/// of checksum databases are read on the way, so that what they say holds for the zip that follows.
struct ModuleVerifier: Verifier {
  /// The lock's name for a sum.
  static let sumField = "sum"

  let sums: KnownSums

  func examine(
    _ bytes: OpenFile, size: Int, of request: Request, from source: String
  ) throws(MirrorError) -> [String: String] {
    guard let path = request.proxyPath else { return [:] }
    do throws(ZipArchive.Fault) {
      switch path {
      case .zip(let module, let version):
        let zip = try ModuleZip(bytes, size: size, of: module, version)
        return [Self.sumField: try zip.h1()]
      case .mod:
        guard size <= ModuleZip.textLimit else {
          throw ZipArchive.Fault(reason: "is longer than the 16 MiB of a go.mod")
        }
        let text = try ZipArchive.read(bytes, at: 0, count: size)
        return [Self.sumField: ModuleHash.h1(goMod: text)]
      case .sumTile(_, let tile):
        if let expected = tile.size, expected != size {
          throw ZipArchive.Fault(reason: "is a tile of \(size) bytes instead of \(expected)")
        }
      case .sumLookup:
        learn(try ZipArchive.read(bytes, at: 0, count: min(size, 1 << 20)))
      case .list, .latest, .query, .info, .sumSupported, .sumLatest: break
      }
      return [:]
    } catch {
      throw MirrorError(
        .corrupt,
        "\(request.identity): what \(source) gave \(error.reason); nothing was delivered")
    }
  }

  /// A zip always: a small one may unpack to much.
  func takesLong(_ request: Request, size: Int) -> Bool {
    if case .zip = request.proxyPath { true } else { size >= 256 << 10 }
  }

  func expectations(of request: Request) -> [String: String] {
    guard let path = request.proxyPath, let sum = sums.sum(of: path) else { return [:] }
    return [Self.sumField: sum]
  }

  /// Takes in the sums of a look-up; the go command holds them to the database's signature.
  private func learn(_ bytes: [UInt8]) {
    guard let lookup = SumLookup(bytes) else { return }
    sums.learn(from: lookup.text)
  }
}
