#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reading and writing by number, past interruptions.
enum Descriptor {
  /// Writes all the bytes.
  ///
  /// - Returns: whether that was done; errno says why not.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var bytes = bytes
    while !bytes.isEmpty {
      guard let count = writeSome(bytes, to: descriptor) else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  /// Writes as many bytes as there is room for; nil, and errno, when that is none.
  static func writeSome(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int? {
    while true {
      let count = bytes.withUnsafeBytes { pointer in
        #if canImport(Glibc)
          Glibc.write(descriptor, pointer.baseAddress, pointer.count)
        #else
          Musl.write(descriptor, pointer.baseAddress, pointer.count)
        #endif
      }
      if count >= 0 { return count }
      if errno != EINTR { return nil }
    }
  }

  /// Reads into a buffer: how many bytes came, 0 at the end; nil, and errno, when there are none.
  static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int? {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
      #else
        let count = Musl.read(descriptor, &buffer, buffer.count)
      #endif
      if count >= 0 { return count }
      if errno != EINTR { return nil }
    }
  }
}
