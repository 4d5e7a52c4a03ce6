import SonicHook
import Testing

/// Which command lines need no gateway.
@Suite struct LocalCommandTests {
  @Test(arguments: [
    "git status", "git -C x -c a.b=c log --grep clone", "git --git-dir x rev-parse HEAD",
    "git --version", "git", "pip3 freeze", "pip list", "pip --version", "pip3 uninstall -y six",
    "go version", "go env GOPATH", "go", "apt-get clean", "apt-get --version",
    "apt-get -o Dir=x autoclean", "apt list", "apt policy x", "dpkg -i x.deb", "wget --version",
    "wget", "curl --help all", "curl -V",
  ])
  func `what fetches nothing is known`(line: String) { #expect(isLocal(line)) }

  @Test(arguments: [
    "git clone x", "git -C x fetch", "git pull", "git submodule update", "git ls-remote x",
    "git remote update", "git archive --remote=x HEAD", "git lfs pull", "git up", "git checkout x",
    "pip3 install six", "pip download x", "pip wheel x", "pip index versions x", "pip list -o",
    "pip list --outdated", "pip uninstall -r https://files.example/r.txt", "go build", "go get x",
    "go mod download", "go test", "go run .", "go vet", "apt-get update", "apt-get install x",
    "apt-get source x", "apt-get -o Dir=x download x", "apt full-upgrade", "apt-get new-verb",
    "wget https://files.example/a", "wget -i list", "curl -K file", "curl -o -V x", "other x",
  ])
  func `what may fetch is none of it`(line: String) { #expect(!isLocal(line)) }

  private func isLocal(_ line: String) -> Bool {
    let words = line.split(separator: " ").map { String($0) }
    return LocalCommand.recognises(words[0], Array(words.dropFirst()))
  }
}
