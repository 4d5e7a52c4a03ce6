"""How large `mirror` is with each set of ecosystems: release, static standard library, stripped."""

import json
import shutil
import subprocess

from harness.program import PACKAGE, Program
from harness.table import Row


def measure(bench):
    described = subprocess.run(
        ["swift", "package", "dump-package"], cwd=PACKAGE, stdout=subprocess.PIPE, check=True)
    traits = sorted(
        trait["name"] for trait in json.loads(described.stdout)["traits"] if trait["name"] != "default")
    sets = {"no ecosystem": ["--disable-default-traits"]}
    sets |= {f"{trait} alone": ["--traits", trait] for trait in traits}
    sets["all of them"] = []
    for name, options in sets.items():
        copy = bench.fresh("mirror")
        shutil.copy(Program.build("mirror", *options), copy)
        subprocess.run(["strip", copy], check=True)
        bench.table.add(Row(f"size: mirror with {name}", "MB", copy.stat().st_size / 1e6))
