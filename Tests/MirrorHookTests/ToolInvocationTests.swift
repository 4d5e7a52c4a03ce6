import MirrorHook
import Testing

@Suite struct ToolInvocationTests {
  @Test(arguments: RecordedCommand.all(in: "wget"))
  func `a wget command line is redirected as recorded`(command: RecordedCommand) {
    #expect(
      ToolInvocation(command.tool, command.arguments).redirected() == command.expected)
  }

  @Test(arguments: RecordedCommand.all(in: "curl"))
  func `a curl command line is redirected as recorded`(command: RecordedCommand) {
    #expect(
      ToolInvocation(command.tool, command.arguments).redirected() == command.expected)
  }

  @Test func `the fixtures hold commands of both kinds`() {
    for tool in ["wget", "curl"] {
      let commands = RecordedCommand.all(in: tool)
      #expect(commands.count { $0.expected != nil } > 25)
      #expect(commands.count { $0.expected == nil } > 25)
      #expect(commands.allSatisfy { $0.tool == tool })
    }
  }

  @Test func `an unknown tool is left alone`() {
    #expect(ToolInvocation("fetch", ["https://files.example/a"]).redirected() == nil)
  }

  @Test func `arguments that are not UTF-8 are not read`() {
    var name: [CChar] = [97, 0]
    var odd: [CChar] = [CChar(bitPattern: 0xff), 0]
    name.withUnsafeMutableBufferPointer { name in
      odd.withUnsafeMutableBufferPointer { odd in
        var vector = [name.baseAddress, odd.baseAddress, nil]
        vector.withUnsafeMutableBufferPointer {
          if let start = $0.baseAddress { #expect(ToolInvocation("wget", vector: start) == nil) }
        }
      }
    }
  }
}
