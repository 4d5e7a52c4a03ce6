"""What the program in front of curl costs."""

from harness.clock import in_turns, timed
from harness.table import Row, Target


def measure(bench):
    bench.nginx.lay("small", 1, 10_240)
    url = bench.nginx.url("small/000.bin")
    with bench.program.session(bench.fresh("store"), bench.environment) as (_, hooked):
        compare(
            bench, hooked, "curl --version", ["curl", "--version"], bench.rounds * 20,
            Target("difference", "most", 4, "ms"))
        compare(
            bench, hooked, "curl of a warm 10 KB file",
            ["curl", "-fsS", "-o", bench.folder / "small", url], bench.rounds * 20,
            Target("difference", "most", 6, "ms"))


def compare(bench, hooked, name, command, rounds, target):
    timed(command, hooked)
    ours, peer = in_turns(
        rounds, lambda: timed(command, hooked) * 1000,
        lambda: timed(command, bench.environment) * 1000)
    bench.table.add(Row(f"hook: {name}", "ms", ours, peer, target))
