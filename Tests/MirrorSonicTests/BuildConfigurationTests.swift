import MirrorSonic
import Testing

@Suite struct BuildConfigurationTests {
  @Test(arguments: ["PACKAGE_URL_PREFIX", "BUILD_PACKAGES_URL"])
  func `both generations name the package server`(name: String) {
    let configuration = BuildConfiguration(
      "export \(name)=https://packages.example/p\nexport SONIC_VERSION_CONTROL_COMPONENTS=py3,web\n"
    )
    #expect(configuration.packagesURL == "https://packages.example/p")
    #expect(configuration.controls(.py3) && configuration.controls(.web))
    #expect(!configuration.controls(.deb))
    #expect(
      configuration.mirrorConfiguration.contains(
        "[mirror packages]\nurl    = https://packages.example/p\nlayout = name-md5\n"))
  }

  @Test func `a login in the URL is not written on`() {
    let text = BuildConfiguration("BUILD_PACKAGES_URL=https://u:secret@packages.example/p")
      .mirrorConfiguration
    #expect(!text.contains("secret"))
    #expect(text.contains("https://packages.example/p"))
  }

  @Test func `without a package server the chain is the store and the origin`() {
    let text = BuildConfiguration("export BUILD_PACKAGES_URL=").mirrorConfiguration
    #expect(text.contains("sources = store, origin"))
    #expect(!text.contains("packages\n"))
  }
}
