"""Go modules: a cold `go mod download` against the same tree on nginx, and warm go.mod files."""

import base64
import contextlib
import hashlib
import json
import os
import pathlib
import re
import subprocess
import zipfile

from harness.clock import Failed, in_turns, timed
from harness.gateway import load
from harness.machine import find
from harness.peers import Server
from harness.table import Row, Target

_COUNT = 30
_SIZE = 200_000


# Debian's packages of some modules that many builds need; the module of one is where its sources lie.
_PACKAGES = [f"golang-{name}-dev" for name in """
    golang-x-crypto golang-x-mod golang-x-net golang-x-oauth2 golang-x-sync golang-x-sys golang-x-term golang-x-text
    golang-x-time golang-x-tools google-grpc google-protobuf gopkg-yaml.v3 github-davecgh-go-spew github-fatih-color
    github-fsnotify-fsnotify github-google-go-cmp github-google-uuid github-gorilla-mux github-gorilla-websocket
    github-kr-pretty github-kr-text github-mattn-go-isatty github-pkg-errors github-pmezard-go-difflib
    github-prometheus-client-golang github-sirupsen-logrus github-spf13-cobra github-spf13-pflag github-spf13-viper
    github-stretchr-testify""".split()]
_SOURCES = "usr/share/gocode/src"


def measure(bench):
    modules = lay(bench.nginx.files / "goproxy", synthetic())
    environment = surroundings(bench, "goproxy")
    measure_cold(bench, modules, environment, f"{_COUNT} small modules")
    measure_warm(bench, modules, environment)


def measure_archive(bench):
    """Modules as they are: the sources of Debian's packages, from the archive this machine is set up for."""
    folder = bench.fresh("go-packages")
    folder.mkdir()
    _run(["apt-get", "download", "-q", *_PACKAGES], folder)
    for package in folder.glob("*.deb"):
        _run(["dpkg-deb", "-x", package, folder], folder)
    modules = lay(bench.nginx.files / "goproxy-archive", packaged(folder / _SOURCES))
    measure_cold(
        bench, modules, surroundings(bench, "goproxy-archive"), f"{len(modules)} of Debian's modules")


def surroundings(bench, proxy):
    return bench.environment | {
        "GOPROXY": bench.nginx.url(proxy), "GOSUMDB": "off", "GOFLAGS": "-modcacherw",
        "GOTOOLCHAIN": "local", "GOENV": "off", "GOCACHE": str(bench.folder / "go-cache")}


def measure_cold(bench, modules, environment, title):
    project = bench.fresh("go-project")
    project.mkdir()
    requirements = "".join(f"require {path} {_version(path)}\n" for path in modules)
    (project / "go.mod").write_text(f"module bench.test/app\n\ngo 1.17\n\n{requirements}")
    (project / "go.sum").write_text("".join(lines for lines in modules.values()))
    # go is told where to work, since the clock starts commands where it stands itself.
    download = ["sh", "-c", 'cd "$1" && go mod download', "sh", project]

    def bare():
        cache = bench.fresh("go-modules")
        os.sync()
        seconds = timed(
            download, environment | {"GOMODCACHE": str(cache)}, log=bench.folder / "log")
        found = len(list(cache.glob("cache/download/**/*.zip")))
        if found != len(modules):
            raise Failed(f"{found} of {len(modules)} modules came")
        return seconds

    def ours():
        store = bench.fresh("store")
        os.sync()
        seconds = timed(
            bench.program.run(store, download), environment, log=bench.folder / "log")
        lock = pathlib.Path(f"{store}.lock").read_text()
        found = lock.count(".zip ")
        if found != len(modules):
            raise Failed(f"{found} of {len(modules)} modules are in the lock")
        return seconds

    medians = in_turns(bench.rounds, ours, bare)
    bench.table.add(
        Row(f"go: mod download of {title}, cold", "s", *medians,
            Target("ratio", "most", 1.1)))


def measure_warm(bench, modules, environment):
    """Requests for go.mod files that are in the store, against goproxy where it is on PATH."""
    path = f"/{next(iter(modules))}/@v/v1.0.0.mod"
    rounds = max(1, (bench.rounds + 1) // 2)
    with contextlib.ExitStack() as stack:
        _, hooked = stack.enter_context(
            bench.program.session(bench.fresh("store"), environment))
        # The token is part of the path; wrk takes it from the environment, as it does the login.
        root, _, prefix = hooked["GOPROXY"].removeprefix("http://").partition("/")
        peer, target = bench.nginx.url(""), f"/goproxy{path}"
        name, bound = "nginx", None
        if find("goproxy"):
            peer = stack.enter_context(GoProxy(bench, environment)).url
            name, target, bound = "goproxy", path, Target("ratio", "least", 1)

        def ours():
            return load(bench, f"http://{root}/", f"/{prefix}{path}", 16)["requests"]

        def theirs():
            return load(bench, peer, target, 16)["requests"]

        ours()
        theirs()
        medians = in_turns(rounds, ours, theirs)
        bench.table.add(Row(f"go: warm go.mod, requests/s, against {name}", "/s", *medians, bound))


class GoProxy(Server):
    """The goproxy of github.com/goproxy/goproxy, with a cache on disk."""

    def __init__(self, bench, environment):
        cache = bench.fresh("goproxy-cache")
        super().__init__(
            lambda port: [
                "goproxy", "server", "--address", f"127.0.0.1:{port}", "--cacher-dir", cache,
                "--proxied-sumdbs", ""], environment)


def synthetic():
    """Modules of one file, by their paths; the files by their names."""
    for number in range(_COUNT):
        text = base64.b64encode(os.urandom(_SIZE // 2)).decode()
        yield f"bench.test/m{number}", {"m.go": f"package m{number}\n\nconst Text = `{text}`\n".encode()}


def packaged(sources):
    """The modules that lie below a folder: hosts with one level of names, and two for an owner's."""
    roots = [path for pattern in ["golang.org/x/*", "google.golang.org/*", "gopkg.in/*.v3", "github.com/*/*"]
             for path in sources.glob(pattern)]
    for root in sorted(roots):
        path = str(root.relative_to(sources))
        # A name with capitals is an older one of the same module.
        if root.is_symlink() or path != path.lower():
            continue
        nested = {file.parent for file in root.rglob("go.mod")} - {root}
        files = {
            str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*")
            if file.is_file() and not file.is_symlink() and "vendor" not in file.parts
            and nested.isdisjoint(file.parents) and re.fullmatch(r"[\w./+~@-]+", str(file.relative_to(root)), re.A)}
        if any(name.endswith(".go") for name in files):
            yield path, files


def lay(root, modules):
    """Lays modules out as a GOPROXY tree; returns their paths, each with its lines of go.sum."""
    sums = {}
    for path, files in modules:
        version, folder = _version(path), root / path / "@v"
        folder.mkdir(parents=True, exist_ok=True)
        mod = f"module {path}\n\ngo 1.17\n".encode()
        files = {f"{path}@{version}/{name}": data for name, data in (files | {"go.mod": mod}).items()}
        with zipfile.ZipFile(folder / f"{version}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        (folder / f"{version}.mod").write_bytes(mod)
        (folder / f"{version}.info").write_text(
            json.dumps({"Version": version, "Time": "2024-01-02T03:04:05Z"}))
        (folder / "list").write_text(f"{version}\n")
        sums[path] = (
            f"{path} {version} {_h1(files)}\n{path} {version}/go.mod {_h1({'go.mod': mod})}\n")
    return sums


def _version(path):
    """The version of a module: its major number is in the path of those of gopkg.in."""
    return "v3.0.0" if path.endswith(".v3") else "v1.0.0"


def _run(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{words[0]}: {(done.stderr + done.stdout)[-500:]}")


def _h1(files):
    lines = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
