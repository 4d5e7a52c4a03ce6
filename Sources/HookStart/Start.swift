#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// An argument vector as C has it.
public typealias ArgumentVector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

// Both variables are written once, by `start`, before main and before any second thread can exist, and
// are only read afterwards; so there is nothing to isolate them from.

/// The argument vector as the kernel handed it over.
public nonisolated(unsafe) var startVector: ArgumentVector?

/// Whether this program set SWIFT_ROOT for its own start.
public nonisolated(unsafe) var setRoot = false

/// Runs before Swift's runtime does.
///
/// The runtime takes the command line from /proc, and a fully static program looks there for its
/// own path too and aborts if it finds nothing. A chroot without /proc is a place where wget is
/// called, so both are taken care of here. The C library calls what is in this section with main's
/// arguments.
@section(".preinit_array") @used
let start: @convention(c) (Int32, ArgumentVector?, ArgumentVector?) -> Void = { _, vector, _ in
  startVector = vector
  if access("/proc/self/exe", F_OK) != 0, getenv("SWIFT_ROOT") == nil {
    setRoot = setenv("SWIFT_ROOT", "/", 0) == 0
  }
}
