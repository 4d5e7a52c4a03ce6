import HookStart
import MirrorHook

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The tool must see the environment this program was given.
if setRoot { unsetenv("SWIFT_ROOT") }
Hook.run(vector: startVector ?? CommandLine.unsafeArgv)
