import MirrorCommand
import MirrorNpm
import MirrorWeb

// A sixth ecosystem, added from outside: nothing of it is known to the package it builds on.
await CommandLineTool.main(resolvers: [NpmResolver(), WebResolver()])
