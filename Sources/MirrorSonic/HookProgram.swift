import MirrorCore

/// A built `sonic-hook`, and the machine it runs on.
struct HookProgram {
  let bytes: [UInt8]
  /// The machine as bash calls it in `HOSTTYPE`.
  let machine: String

  /// Reads a program.
  ///
  /// - Throws: `misconfigured` when it is not a Linux program for a machine that we know.
  init(contentsOf path: String) throws(MirrorError) {
    guard let bytes = try Disk.read(path) else {
      throw MirrorError(
        .misconfigured,
        "\(path): is not there; build the product sonic-hook, or name it with --program")
    }
    // ELF header: magic, then e_machine at 18, in the byte order that 5 says (System V ABI).
    guard bytes.count > 20, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]), bytes[5] == 1,
      let machine = Self.machines[Int(bytes[18]) | Int(bytes[19]) << 8]
    else {
      throw MirrorError(.misconfigured, "\(path): is no program for x86_64, aarch64 or arm")
    }
    self.bytes = bytes
    self.machine = machine
  }

  private static let machines = [40: "arm", 62: "x86_64", 183: "aarch64"]
}
