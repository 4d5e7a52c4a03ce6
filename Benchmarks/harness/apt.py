"""apt: an update and 60 packages, recorded and from the store, against bare apt and apt-cacher-ng."""

import hashlib
import os
import subprocess

from harness.clock import Failed, in_turns, timed
from harness.machine import find
from harness.peers import DistantServer, Server
from harness.table import Row, Target

_COUNT = 60
_SIZE = 64 << 10
_METHODS = "/usr/lib/apt/methods"


_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
_LIMIT = 2
# With what they depend on, some hundred packages.
_REAL = ("hello coreutils grep sed gawk tar gzip bzip2 xz-utils less file nano bc figlet time jq patch "
         "diffutils findutils m4 cpio zip procps wget").split()


def measure(bench):
    archive = lay(bench.nginx.files / "debian")

    def source(url):
        return f"deb [trusted=yes] {url('debian')} stable main"

    measure_recording(bench, archive, source(bench.nginx.url), "nginx")
    with DistantServer(bench.nginx.files) as distant:
        measure_recording(
            bench, archive, source(distant.url), f"{distant.milliseconds} ms away")
    measure_warm(bench, archive, source(bench.nginx.url))
    measure_silence(bench, archive, source(bench.nginx.url))


def measure_archive(bench):
    """The same from the archive that this machine is set up for; gentle, so never more than 3 rounds."""
    words = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
             "Created-By: Packages"]
    lines = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    places = [line.split() for line in lines.splitlines()]
    place = next((p for p in places if p[-1] == "main" and p[1].isalpha()), None)
    if not place:
        raise Failed("apt is set up for no archive here")
    keys = f"[signed-by={_KEYS}] " if os.path.exists(_KEYS) else ""
    source = f"deb {keys}{place[0]} {place[1]} main"
    medians = in_turns(
        min(bench.rounds, 3),
        lambda: download(
            bench, _REAL, source, bench.environment,
            lambda command: bench.program.run(bench.fresh("store"), command)),
        lambda: download(bench, _REAL, source, bench.environment))
    bench.table.add(
        Row("apt: recording from this machine's own archive", "s", *medians,
            Target("ratio", "most", 1.15)))


def measure_recording(bench, packages, source, place):
    medians = in_turns(
        bench.rounds,
        lambda: download(
            bench, packages, source, bench.environment,
            lambda command: bench.program.run(bench.fresh("store"), command)),
        lambda: download(bench, packages, source, bench.environment))
    bench.table.add(
        Row(f"apt: recording an update and {_COUNT} packages, {place}", "s", *medians,
            Target("ratio", "most", 1.15)))


def measure_silence(bench, packages, source):
    """What a mirror that never answers for one package costs, in limits."""

    def record(silent):
        with DistantServer(bench.nginx.files, 0, silent) as mirror:
            configuration = bench.fresh("configuration")
            configuration.write_text(
                f"[mirror near]\nurl = {mirror.url('debian')}\n[chain apt]\n"
                f"sources = store, near, origin\n[policy]\ntime-limit = {_LIMIT}\n")
            return download(
                bench, packages, source, bench.environment,
                lambda command: bench.program.run(
                    bench.fresh("store"), command, "--config", configuration))

    silent, answering = in_turns(
        max(1, bench.rounds // 2), lambda: record(f"{packages[30]}_1.0_all.deb"),
        lambda: record(""))
    bench.table.add(
        Row("apt: a silent mirror is passed by, against its limit", "s", silent - answering, _LIMIT,
            Target("ratio", "most", 1.2)))


def measure_warm(bench, packages, source):
    with bench.program.session(bench.fresh("store"), bench.environment) as (_, hooked):
        download(bench, packages, source, hooked)
        ours, bare = in_turns(
            bench.rounds,
            lambda: download(bench, packages, source, hooked),
            lambda: download(bench, packages, source, bench.environment))
        bench.table.add(
            Row("apt: what the method adds to a file", "ms", ours * 1000 / _COUNT,
                bare * 1000 / _COUNT, Target("difference", "most", 2, "ms")))
        if not find("apt-cacher-ng"):
            raise Failed("apt-cacher-ng: not installed, so nothing to compare warm speed with")
        with AptCacherNG(bench) as cache:
            # It is asked by prefix: its own address, then the archive's host and path.
            behind = source.replace("http://", cache.url)
            download(bench, packages, behind, bench.environment)
            medians = in_turns(
                bench.rounds,
                lambda: download(bench, packages, source, hooked),
                lambda: download(bench, packages, behind, bench.environment))
        bench.table.add(
            Row("apt: the same from the store, against apt-cacher-ng", "s", *medians,
                Target("ratio", "most", 1)))


class AptCacherNG(Server):
    """apt-cacher-ng with a cache on disk, as Debian ships it but for the paths."""

    def __init__(self, bench):
        folder = bench.fresh("acng")
        for name in ["cache", "log", "conf"]:
            (folder / name).mkdir(parents=True)

        def words(port):
            (folder / "conf/acng.conf").write_text(
                f"Port: {port}\nBindAddress: 127.0.0.1\nCacheDir: {folder}/cache\n"
                f"LogDir: {folder}/log\nForeGround: 1\nExThreshold: 4\n"
                "PassThroughPattern: .*\nSupportDir: /usr/lib/apt-cacher-ng\nAllowUserPorts: 0\n")
            return [find("apt-cacher-ng"), "-c", folder / "conf"]

        super().__init__(words, bench.environment)


def download(bench, packages, source, environment, wrap=lambda command: command):
    """Updates and downloads everything in a root of its own; returns the seconds."""
    root = bench.fresh("apt")
    for name in ["etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/preferences.d",
                 "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg"]:
        (root / name).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    (root / "etc/apt/sources.list").write_text(f"{source}\n")
    settings = [
        f"Dir={root}", f"Dir::State::status={root}/var/lib/dpkg/status",
        f"Dir::Bin::methods={_METHODS}", "Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d/", "Debug::NoLocking=1", "APT::Sandbox::User=root",
        "APT::Architecture=amd64", "APT::Architectures::=amd64", "Acquire::Languages=none"]
    apt = ["apt-get", "-qq"] + [word for setting in settings for word in ("-o", setting)]
    script = '"$@" update && "$@" install -y --download-only --no-install-recommends ' + " ".join(packages)
    os.sync()
    seconds = timed(wrap(["sh", "-c", script, "sh", *apt]), environment, log=bench.folder / "log")
    found = len(list(root.glob("var/cache/apt/archives/*.deb")))
    if found < max(len(packages), _COUNT):
        raise Failed(f"{found} packages came")
    return seconds


def lay(root):
    """Makes an unsigned archive; apt does not look into a package that it only downloads."""
    index, names = [], []
    for number in range(_COUNT):
        name = f"bench-{number:02}"
        path = f"pool/main/b/{name}/{name}_1.0_all.deb"
        data = b"!<arch>\n" + os.urandom(_SIZE)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        names.append(name)
        index.append(
            f"Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: B <b@bench.test>\n"
            f"Description: bytes\nFilename: {path}\nSize: {len(data)}\n"
            f"SHA256: {hashlib.sha256(data).hexdigest()}\n")
    packages = "\n".join(index).encode()
    folder = root / "dists/stable/main/binary-amd64"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Packages").write_bytes(packages)
    (root / "dists/stable/Release").write_text(
        "Origin: bench\nSuite: stable\nCodename: stable\nArchitectures: amd64 all\n"
        "Components: main\nDate: Sun, 06 Nov 2022 08:49:37 UTC\nSHA256:\n"
        f" {hashlib.sha256(packages).hexdigest()} {len(packages)} main/binary-amd64/Packages\n")
    return names
