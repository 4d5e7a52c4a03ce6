"""What SONiC's build pays: a call through its hooks, and the merge of an image's lock files."""

import os
import shutil
import subprocess

from harness.clock import in_turns, processor_time, timed
from harness.program import Program
from harness.table import Row, Target

_TOOLS = ["apt-get", "git", "pip3", "wget"]
_ENTRIES = 2222


def measure(bench):
    mirror = os.environ.get("SONIC_MIRROR") or Program.build("sonic-mirror")
    hook = os.environ.get("SONIC_HOOK") or Program.build(
        "sonic-hook", "-Xswiftc", "-static-executable", "--scratch-path", ".build-hook")
    measure_merge(bench, mirror)
    measure_calls(bench, mirror, hook)


def measure_merge(bench, mirror):
    """Two lists as large as the slave's; the peer is the least that a shell could do, `sort`."""
    tree = bench.fresh("versions")
    image = tree / "dockers" / "docker-x"
    for folder, word in [(tree / "default", "general"), (image, "own")]:
        folder.mkdir(parents=True)
        lines = "".join(f"{word}-package-{n:04}==1:{n}.2-3+deb12u{n % 9}\n" for n in range(_ENTRIES))
        (folder / "versions-deb").write_text(lines)
    out = bench.fresh("merged")
    command = [
        str(mirror), "versions", "merge", "--versions", tree, "--image", "docker-x", "--dist",
        "bookworm", "--arch", "amd64", "--out", out]
    lists = [tree / "default" / "versions-deb", image / "versions-deb"]
    ours, peer = in_turns(
        bench.rounds * 4, lambda: timed(command, bench.environment) * 1000,
        lambda: timed(["sort", "-f", "-o", bench.folder / "sorted", *lists], bench.environment) * 1000)
    merged = (out / "versions-deb").read_text().count("\n")
    if merged != 2 * _ENTRIES:
        raise ValueError(f"the merged list has {merged} lines")
    bench.table.add(
        Row("sonic: merge of 2,222 + 2,222 entries (peer: sort)", "ms", ours, peer,
            Target("ours", "most", 50, "ms")))


def measure_calls(bench, mirror, hook):
    """A call that fetches nothing, through a hook in the shape of SONiC's with our seat, and bare."""
    root = bench.fresh("buildinfo")
    links = bench.fresh("sbin")
    for folder in [root / "hooks", root / "scripts", root / "config", links]:
        folder.mkdir(parents=True)
    (root / "scripts" / "base.sh").write_text(f". {root}/config/buildinfo.config\n")
    (root / "config" / "buildinfo.config").write_text(
        "export SONIC_VERSION_CONTROL_COMPONENTS=deb,py3\n")
    (root / "versions").mkdir()
    (root / "versions" / "versions-deb").write_text(
        "".join(f"package-{n:04}==1:{n}.2-3+deb12u{n % 9}\n" for n in range(_ENTRIES)))
    for tool in _TOOLS:
        path = root / "hooks" / tool
        path.write_text(f"#!/bin/bash\n. {root}/scripts/base.sh\nexit 1\n")
        path.chmod(0o755)
        (links / tool).symlink_to(path)
    subprocess.run(
        [mirror, "hook", "install", "--buildinfo", root, "--place", root, "--program", hook],
        env=bench.environment, check=True)
    if shutil.which("strip"):
        for program in (root / "mirror" / "bin").glob("*/sonic-hook"):
            subprocess.run(["strip", program], check=True)
    with bench.program.session(bench.fresh("store"), bench.environment) as (_, session):
        hooked = dict(
            bench.environment, MIRROR_GATEWAY=session["MIRROR_GATEWAY"],
            PATH=f"{links}:{bench.environment['PATH']}")
        for tool in _TOOLS:
            if not shutil.which(tool):
                continue
            # pip3 computes for a third of a second, and its time by the wall moves by 15 ms.
            clock, kind = (processor_time, ", processor time") if tool == "pip3" else (timed, "")
            ours, peer = in_turns(
                bench.rounds * 20,
                lambda: clock([str(links / tool), "--version"], hooked) * 1000,
                lambda: clock([shutil.which(tool), "--version"], bench.environment) * 1000)
            bench.table.add(
                Row(f"sonic: {tool} --version through its hook{kind}", "ms", ours, peer,
                    Target("difference", "most", 5, "ms")))
        measure_work(bench, links, hooked)


def measure_work(bench, links, hooked):
    """A call that asks the gateway for what its store has, and one that is held to a whole list."""
    bench.nginx.lay("small", 1, 10_240)
    file = ["wget", "-q", "-O", bench.folder / "small", bench.nginx.url("small/000.bin")]
    calls = [
        ("wget of a warm 10 KB file", bench.rounds * 20, file),
        # It reads the machine's indices for a second.
        ("apt-get --simulate install beside a list of 2,222", bench.rounds * 4,
         ["apt-get", "-qq", "-s", "install", "bash"]),
    ]
    for name, rounds, words in calls:
        if not shutil.which(words[0]):
            continue
        timed([str(links / words[0]), *words[1:]], hooked)
        ours, peer = in_turns(
            rounds,
            lambda: timed([str(links / words[0]), *words[1:]], hooked) * 1000,
            lambda: timed([shutil.which(words[0]), *words[1:]], bench.environment) * 1000)
        bench.table.add(
            Row(f"sonic: {name}, through its hook", "ms", ours, peer,
                Target("difference", "most", 5, "ms")))
