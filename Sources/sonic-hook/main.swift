import HookStart
import SonicHook

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The tool must see the environment this program was given.
if setRoot { unsetenv("SWIFT_ROOT") }
Wrapper.run(vector: startVector ?? CommandLine.unsafeArgv)
