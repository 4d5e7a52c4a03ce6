"""How long the programs take to start, and how large they are; reported without a target."""

import json
import subprocess

from harness.machine import find
from harness.table import Row


def measure(bench):
    figures = bench.fresh("startup.json")
    programs = [bench.program.path, bench.program.hook]
    subprocess.run(
        [find("hyperfine"), "-N", "--warmup", "5", "--runs", str(bench.rounds * 20), "--style",
         "none", "--export-json", figures, *(f"{path} --version" for path in programs)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=bench.environment, check=True)
    for path, result in zip(programs, json.loads(figures.read_text())["results"]):
        bench.table.add(Row(f"startup: {path.name} --version", "ms", result["median"] * 1000))
    for path in programs:
        size = path.stat().st_size / 1e6
        bench.table.add(Row(f"size: {path.name}, stripped", "MB", size))
