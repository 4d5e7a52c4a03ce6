"""The most memory a gateway takes while a large file passes."""

import pathlib
import re
import shutil

from harness.clock import Failed, timed
from harness.table import Row, Target

_SIZE = 2 << 30


def measure(bench):
    bench.require_space(_SIZE)
    name = bench.nginx.lay_sparse("huge.bin", _SIZE)
    command = ["curl", "-fsS", "-o", "/dev/null", bench.nginx.url(name)]
    store = bench.fresh("store")
    for state in ("cold", "warm"):
        with bench.program.session(store, bench.environment) as (process, hooked):
            timed(command, hooked, log=bench.folder / "log")
            peak = high_water_mark(process.pid)
        bench.table.add(
            Row(f"memory: 2 GiB file, {state}", "MiB", peak, None, Target("ours", "most", 96)))
    shutil.rmtree(store)


def high_water_mark(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    if not found:
        raise Failed("the process was gone before its memory was read")
    return int(found[1]) / 1024
