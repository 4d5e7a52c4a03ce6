"""What another tool pays that links MirrorCore and nothing else of ours: a build from clean."""

import os
import resource
import subprocess
import time

from harness.clock import Failed
from harness.program import PACKAGE
from harness.table import Row, Target

_ALLOWED = {"swift-crypto", "swift-log", "swift-system"}


def measure(bench):
    scratch = bench.fresh("scratch")
    place = ["--scratch-path", scratch]
    # Fetching the packages is the network's time, and that of all of them.
    _swift("package", *place, "resolve")
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    _swift("build", *place, "--target", "MirrorCore")
    elapsed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cores = len(os.sched_getaffinity(0))
    bench.table.add(
        Row(f"core: MirrorCore from clean, {cores} cores", "s", elapsed,
            target=Target("ours", "most", 60, "s")))
    bench.table.add(Row("core: processor time of that", "s", spent))
    packages = _packages(scratch)
    if not packages <= _ALLOWED:
        raise ValueError(f"MirrorCore pulls in {', '.join(sorted(packages - _ALLOWED))}")
    bench.table.add(
        Row(f"core: packages it pulls in ({', '.join(sorted(packages))})", "", len(packages),
            target=Target("ours", "most", len(_ALLOWED))))


def _swift(*words):
    done = subprocess.run(["swift", *words], cwd=PACKAGE, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"swift {words[0]}: {(done.stderr + done.stdout)[-500:]}")


def _packages(scratch):
    """The packages of which something was compiled."""
    modules = {path.stem for path in (scratch / "debug").glob("*.build") if any(path.rglob("*.o"))}
    return {
        sources.parent.parent.name
        for sources in scratch.glob("checkouts/*/Sources/*") if sources.name in modules}
