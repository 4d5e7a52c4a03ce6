import Foundation
import MirrorCore
import MirrorHTTP
import MirrorWeb

// Another Swift tool that uses the library: no command line of ours, and no gateway.
//
//     fetch-inputs INPUTS STORE SECONDS
//
// INPUTS has a line `SHA256 URL` for each input. Its exit codes are those of MirrorError.

let arguments = CommandLine.arguments.dropFirst().map { $0 }
guard arguments.count == 3, let seconds = Double(arguments[2]),
  let text = try? String(contentsOfFile: arguments[0], encoding: .utf8)
else {
  FileHandle.standardError.write(Data("usage: fetch-inputs INPUTS STORE SECONDS\n".utf8))
  exit(2)
}
let inputs = text.split(separator: "\n").compactMap { Input(line: $0) }
let surroundings = Surroundings(environment: ProcessInfo.processInfo.environment)
let transport = try HTTPTransport(environment: surroundings.environment)
let origin = WebResolver().origin(over: transport, in: surroundings)
let chain = FallbackChain([.store, .origin(origin)], store: try Store(at: arguments[1]))
let fetcher = InputFetcher(chain: chain) { line in
  FileHandle.standardError.write(Data("\(line)\n".utf8))
}

// The deadline cancels the fetch as any other cancellation of its task would.
let fetching = Task { () -> MirrorError? in
  do throws(MirrorError) {
    try await fetcher.fetch(inputs)
    return nil
  } catch {
    return error
  }
}
let deadline = Task {
  try await Task.sleep(for: .seconds(seconds))
  fetching.cancel()
}
let error = await fetching.value
deadline.cancel()
await transport.shutDown()

if let error {
  let advice =
    switch error.code {
    case .corrupt: "the input changed upstream: find out why before you pin it anew"
    case .unavailable: "try again, or add a mirror to the chain"
    default: "this will not pass by itself"
    }
  FileHandle.standardError.write(Data("\(error.code.rawValue): \(error)\n\(advice)\n".utf8))
  exit(error.code.exitCode)
}
