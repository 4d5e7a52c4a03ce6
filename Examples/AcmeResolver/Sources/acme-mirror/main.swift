import AcmeShelf
import Logging
import MirrorCommand
import MirrorCore
import MirrorPip
import MirrorTelemetry
import MirrorWeb

// An organisation's own binary: the shared command line, the ecosystems it wants, its own mirror, and
// its own policy. Nobody but the shelf is asked for what belongs to Acme, and whoever runs it is told
// when a source did not answer or gave corrupt bytes.
var logger = Logger(label: "acme-mirror") { StreamLogHandler.standardError(label: $0) }
logger.logLevel = .notice
await CommandLineTool.main(
  resolvers: [PipResolver(), WebResolver()],
  mirrors: [.mirror(AcmeShelf(), isOwner: true)],
  policy: Policy(owned: [.pip: try OwnedNames(["acme-*"])]),
  observers: [LoggingObserver(logger)])
