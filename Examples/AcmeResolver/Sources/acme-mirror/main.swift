import AcmeShelf
import MirrorCommand
import MirrorCore
import MirrorPip
import MirrorWeb

// An organisation's own binary: the shared command line, the ecosystems it wants, its own mirror, and
// its own policy. Nobody but the shelf is asked for what belongs to Acme.
await CommandLineTool.main(
  resolvers: [PipResolver(), WebResolver()],
  mirrors: [.mirror(AcmeShelf(), isOwner: true)],
  policy: Policy(owned: [.pip: try OwnedNames(["acme-*"])]))
