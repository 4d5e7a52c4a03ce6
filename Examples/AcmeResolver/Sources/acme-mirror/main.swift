import MirrorCommand
import MirrorPip
import MirrorWeb

// An organisation's own binary: the shared command line, and the ecosystems it wants.
await CommandLineTool.main(resolvers: [PipResolver(), WebResolver()])
