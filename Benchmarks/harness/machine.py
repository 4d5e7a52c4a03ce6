"""The machine that is measured on: its tools, and what a reader must know of it."""

import datetime
import os
import pathlib
import platform
import shutil
import subprocess

_TOOLS = {
    "startup": ["strip", "hyperfine"],
    "hook": ["curl"],
    "gateway": ["wrk"],
    "recording": ["wget", "xargs"],
    "offline": ["wget", "xargs"],
    "pip": ["pip"],
    "memory": ["curl"],
    "git": ["git"],
    "go": ["go", "wrk"],
    "go-archive": ["go", "apt-get", "dpkg-deb"],
    "sonic": ["git", "wget", "sort"],
    "apt": ["apt-get"],
    "apt-archive": ["apt-get"],
    "core": ["swift"],
    "sizes": ["strip"],
}


def missing_tools(measurements):
    """The tools that these measurements need and that are not here."""
    needed = ["nginx"] + [tool for name in measurements for tool in _TOOLS[name]]
    return [tool for tool in dict.fromkeys(needed) if not find(tool)]


def find(tool, path=None):
    """The path of a tool; nginx lies where only root looks."""
    return shutil.which(tool, path=path or os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def description():
    """Date, processor, kernel, versions and load."""
    memory = pathlib.Path("/proc/meminfo").read_text().split()[1]
    return {
        "date": datetime.date.today().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{round(int(memory) / 1048576)} GiB",
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
        "nginx": _first_line(["nginx", "-v"]),
        "curl": _first_line(["curl", "--version"]),
        "wget": _first_line(["wget", "--version"]),
    }


def _processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _first_line(words):
    path = find(words[0])
    if not path:
        return None
    result = subprocess.run(
        [path] + words[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    return " ".join(result.stdout.splitlines()[0].split()[:3])
