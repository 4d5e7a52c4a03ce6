"""Whole runs: the first one, which records, and a later one offline, against the bare command."""

import filecmp
import os

from harness.clock import Failed, in_turns, timed
from harness.peers import CachingProxy, DistantServer
from harness.table import Row, Target

_SMALL = (300, 64 << 10)
_LARGE = (4, 128 << 20)


def measure_recording(bench):
    most = Target("ratio", "most", 1.15)
    names = bench.nginx.lay("many", *_SMALL)
    with DistantServer(bench.nginx.files) as distant:
        places = [("nginx", bench.nginx.url), (f"{distant.milliseconds} ms away", distant.url)]
        for place, url in places:
            for way in _WAYS:
                record(bench, f"300 × 64 KiB, {way}, {place}", names, way, url, bench.rounds, most)
    measure_floor(bench, names)
    bench.require_space(3 * (bench.rounds + 1) * _LARGE[0] * _LARGE[1])
    names = bench.nginx.lay("large", *_LARGE)
    places = [
        ("nginx", bench.nginx.url),
        (f"nginx at {bench.nginx.rate} MB/s", lambda name: bench.nginx.url(name, limited=True)),
    ]
    for place, url in places:
        rounds = max(1, (bench.rounds + 1) // 2)
        record(bench, f"4 × 128 MiB, one wget, {place}", names, "one wget", url, rounds, most)


def measure_floor(bench, names):
    """The same through a proxy that only keeps what it passes on: no recording costs less."""
    def through_proxy(download):
        with CachingProxy(bench.fresh("proxy"), bench.nginx) as proxy:
            return download.time(lambda command: command, proxy.variables)

    with Download(bench, names, "one wget", bench.nginx.url) as download:
        medians = in_turns(
            bench.rounds, lambda: through_proxy(download),
            lambda: download.time(lambda command: command))
    bench.table.add(Row("floor: 300 × 64 KiB, one wget, through nginx's cache", "s", *medians))


def measure_offline(bench):
    names = bench.nginx.lay("many", *_SMALL)
    store = bench.fresh("store")
    with Download(bench, names, "one wget", bench.nginx.url) as download:
        download.time(lambda command: bench.program.run(store, command))
    for way in _WAYS:
        with Download(bench, names, way, bench.nginx.url) as download:
            medians = in_turns(
                bench.rounds,
                lambda: download.time(
                    lambda command: bench.program.run(store, command, "--offline")),
                lambda: download.time(lambda command: command))
        bench.table.add(
            Row(f"offline: 300 × 64 KiB, {way}", "s", *medians, Target("ratio", "most", 1)))


def record(bench, title, names, way, url, rounds, target):
    with Download(bench, names, way, url) as download:
        medians = in_turns(
            rounds,
            lambda: download.time(
                lambda command: bench.program.run(download.fresh_store(), command)),
            lambda: download.time(lambda command: command))
    bench.table.add(Row(f"recording: {title}", "s", *medians, target))


_WAYS = {
    "one wget": lambda listing, folder: ["wget", "-q", "-i", listing, "-P", folder],
    "4 wgets at once": lambda listing, folder: [
        "xargs", "-a", listing, "-n", "1", "-P", "4", "wget", "-q", "-P", folder],
}


class Download:
    """One command that gets a list of files into an empty folder, and the check that it did.

    Nothing small is removed before the end of all: a file system without a journal takes longer to
    make files for minutes after many were removed.
    """

    def __init__(self, bench, names, way, url):
        self._bench = bench
        self._names = names
        self._way = _WAYS[way]
        self._folder = bench.fresh("downloads")
        self._folder.mkdir()
        self._listing = self._folder / "list"
        self._listing.write_text("".join(f"{url(name)}\n" for name in names))
        self._count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for path in self._folder.rglob("*"):
            if path.is_file() and path.stat().st_size > 1 << 20:
                path.unlink()

    def fresh_store(self):
        """The path of a store that is not there yet."""
        return self._folder / f"store-{self._count}"

    def time(self, wrap, variables={}):
        """Seconds of the command, wrapped or not; earlier writes are on the disk by then."""
        self._count += 1
        folder = self._folder / f"files-{self._count}"
        folder.mkdir()
        command = wrap(self._way(self._listing, folder))
        os.sync()
        seconds = timed(
            command, self._bench.environment | variables, log=self._bench.folder / "log")
        for name in self._names:
            copy = folder / name.rpartition("/")[2]
            if not copy.exists() or not filecmp.cmp(
                self._bench.nginx.files / name, copy, shallow=False
            ):
                raise Failed(f"{name}: not what the server has")
        filecmp.clear_cache()
        return seconds
