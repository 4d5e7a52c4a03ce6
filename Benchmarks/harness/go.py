"""Go modules: a cold `go mod download` against the same tree on nginx, and warm go.mod files."""

import base64
import contextlib
import hashlib
import json
import os
import pathlib
import zipfile

from harness.clock import Failed, in_turns, timed
from harness.gateway import load
from harness.machine import find
from harness.peers import Server
from harness.table import Row, Target

_COUNT = 30
_SIZE = 200_000


def measure(bench):
    modules = lay(bench.nginx.files / "goproxy")
    proxy = bench.nginx.url("goproxy")
    environment = bench.environment | {
        "GOPROXY": proxy, "GOSUMDB": "off", "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local",
        "GOENV": "off", "GOCACHE": str(bench.folder / "go-cache")}
    project = bench.fresh("go-project")
    project.mkdir()
    requirements = "".join(f"require {path} v1.0.0\n" for path in modules)
    (project / "go.mod").write_text(f"module bench.test/app\n\ngo 1.17\n\n{requirements}")
    (project / "go.sum").write_text("".join(lines for lines in modules.values()))
    measure_cold(bench, modules, project, environment)
    measure_warm(bench, modules, environment)


def measure_cold(bench, modules, project, environment):
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
        Row(f"go: mod download of {_COUNT} modules, cold", "s", *medians,
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


def lay(root):
    """Lays modules out as a GOPROXY tree; returns their paths, each with its lines of go.sum."""
    modules = {}
    for number in range(_COUNT):
        path = f"bench.test/m{number}"
        folder = root / path / "@v"
        folder.mkdir(parents=True, exist_ok=True)
        mod = f"module {path}\n\ngo 1.17\n".encode()
        text = base64.b64encode(os.urandom(_SIZE // 2)).decode()
        files = {
            f"{path}@v1.0.0/go.mod": mod,
            f"{path}@v1.0.0/m.go": f"package m{number}\n\nconst Text = `{text}`\n".encode(),
        }
        with zipfile.ZipFile(folder / "v1.0.0.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        (folder / "v1.0.0.mod").write_bytes(mod)
        (folder / "v1.0.0.info").write_text(
            json.dumps({"Version": "v1.0.0", "Time": "2024-01-02T03:04:05Z"}))
        (folder / "list").write_text("v1.0.0\n")
        modules[path] = (
            f"{path} v1.0.0 {_h1(files)}\n{path} v1.0.0/go.mod {_h1({'go.mod': mod})}\n")
    return modules


def _h1(files):
    lines = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
