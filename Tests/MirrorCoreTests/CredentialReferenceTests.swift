import MirrorCore
import Testing

@Suite struct CredentialReferenceTests {
  @Test(arguments: [
    ("env:TOKEN", CredentialReference.environment("TOKEN")),
    ("file:/run/secrets/token", .file("/run/secrets/token")),
    ("file:C:x", .file("C:x")),
    ("command:vault read token", .command(["vault", "read", "token"])),
    ("helper:git-credential-store --file x", .helper(["git-credential-store", "--file", "x"])),
  ])
  func `reads what it writes`(text: String, reference: CredentialReference) {
    #expect(CredentialReference(text) == reference)
    #expect(reference.description == text)
  }

  @Test(arguments: [
    "", "TOKEN", "env:", "file:", "command:", "command: ", "s3cret:value", "ENV:TOKEN",
  ])
  func `is nil for what is no reference`(text: String) {
    #expect(CredentialReference(text) == nil)
  }
}
