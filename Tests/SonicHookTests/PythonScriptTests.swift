import MirrorTesting
import SonicHook
import Testing

/// Which Python a pip belongs to.
@Suite struct PythonScriptTests {
  @Test(arguments: [
    ("#!/usr/bin/python2", true), ("#!/usr/bin/python2.7 -s", true), ("#! /usr/bin/python2", true),
    ("#!/usr/bin/env python2.7", true), ("#!/usr/bin/env -S python2", true),
    ("#!/usr/bin/python3", false), ("#!/usr/bin/env python3.11", false), ("#!/bin/bash", false),
    ("#!/usr/bin/python-of-2/x", false), ("#!", false), ("", false), ("\u{7f}ELF python2", false),
  ])
  func `the first line says it`(line: String, isPython2: Bool) {
    #expect(PythonScript(line + "\nimport python2\n", path: nil).isPython2 == isPython2)
  }

  @Test(arguments: [("python2.7", true), ("python3.11", false)])
  func `of a Python without a number its link says it`(target: String, isPython2: Bool) throws {
    let folder = try TemporaryFolder()
    try folder.write("bin/\(target)", "#!/bin/sh\n", executable: true)
    try folder.link("bin/python", to: "\(folder.path)/bin/\(target)")
    for line in ["#!\(folder.path)/bin/python", "#!/usr/bin/env python"] {
      #expect(
        PythonScript(line, path: "\(folder.path)/none:\(folder.path)/bin").isPython2 == isPython2)
    }
  }
}
