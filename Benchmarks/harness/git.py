"""git: a warm clone of 10,000 commits through the gateway, against one from git's own server."""

import pathlib
import subprocess
import sys

from harness.clock import Failed, in_turns, timed
from harness.peers import Server
from harness.table import Row, Target

_COMMITS = 10_000


def measure(bench):
    root = bench.fresh("repositories")
    lay(root / "big.git", bench.environment)
    backend = pathlib.Path(__file__).parent / "git_backend.py"
    environment = bench.environment | {"GIT_BACKEND_ROOT": str(root)}
    with Server(lambda port: [sys.executable, backend, port], environment) as server:
        url = f"{server.url}big.git"
        with bench.program.session(bench.fresh("store"), bench.environment) as (_, hooked):
            # The first one fetches the repository into the store, and is not counted.
            clone(bench, url, hooked)
            medians = in_turns(
                bench.rounds, lambda: clone(bench, url, hooked),
                lambda: clone(bench, url, bench.environment))
        bench.table.add(
            Row(f"git: warm clone of {_COMMITS} commits", "s", *medians,
                Target("ratio", "most", 1.25)))


def clone(bench, url, environment):
    place = bench.fresh("clone")
    seconds = timed(
        ["git", "clone", "-q", "--bare", url, place], environment, log=bench.folder / "log")
    count = subprocess.run(
        ["git", "-C", place, "rev-list", "--count", "HEAD"], env=bench.environment,
        capture_output=True, text=True, check=True).stdout.strip()
    if count != str(_COMMITS):
        raise Failed(f"{count} of {_COMMITS} commits came")
    return seconds


def lay(path, environment):
    """A repository with a linear history, packed as a server has it."""
    subprocess.run(
        ["git", "init", "-q", "--bare", "--initial-branch=main", path], env=environment, check=True)
    lines = []
    for number in range(1, _COMMITS + 1):
        text = f"commit {number}\n"
        data = f"line {number}\n" * 20
        lines.append(
            f"commit refs/heads/main\ncommitter T <t@example.com> {1600000000 + number} +0000\n"
            f"data {len(text)}\n{text}"
            f"M 100644 inline folder{number % 50}/file{number % 997}\ndata {len(data)}\n{data}\n")
    subprocess.run(
        ["git", "-C", path, "fast-import", "--quiet"], input="".join(lines).encode(),
        env=environment, check=True)
    subprocess.run(["git", "-C", path, "repack", "-adq"], env=environment, check=True)
