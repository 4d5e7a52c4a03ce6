"""Warm hits of the gateway against nginx, under wrk."""

import base64
import json
import pathlib
import subprocess
from urllib.parse import urlsplit

from harness.clock import Failed, in_turns
from harness.machine import find
from harness.table import Row, Target

_SCRIPT = pathlib.Path(__file__).with_name("one_target.lua")
_SECONDS = 3


def measure(bench):
    bench.nginx.lay("small", 1, 10_240)
    bench.nginx.lay("medium", 1, 10 << 20)
    rounds = max(1, (bench.rounds + 1) // 2)
    with bench.program.session(bench.fresh("store"), bench.environment) as (_, hooked):
        address = urlsplit(hooked["MIRROR_GATEWAY"])
        login = base64.b64encode(f"{address.username}:{address.password}".encode()).decode()
        gateway = f"http://{address.hostname}:{address.port}/"

        def ours(name, connections):
            target = bench.nginx.redirected_url(name)
            return load(bench, gateway, target, connections, f"Basic {login}")

        def peer(name, connections):
            return load(bench, bench.nginx.url(""), f"/{name}", connections)

        for title, name, connections, unit, figure, bound in [
            ("requests/s at 10 KB, 16 connections", "small/000.bin", 16, "/s", "requests", 0.15),
            ("MB/s at 10 MB, 4 connections", "medium/000.bin", 4, "MB/s", "megabytes", 0.85),
        ]:
            ours(name, 1)
            medians = in_turns(
                rounds, lambda: ours(name, connections)[figure],
                lambda: peer(name, connections)[figure])
            bench.table.add(
                Row(f"gateway: {title}", unit, *medians, Target("ratio", "least", bound)))


def load(bench, address, target, connections, login=""):
    """Runs wrk with one thread; the login goes by the environment, hidden from other users."""
    environment = bench.environment | {"TARGET": target, "LOGIN": login}
    result = subprocess.run(
        [find("wrk"), "-t1", f"-c{connections}", f"-d{_SECONDS}s", "-s", _SCRIPT, address],
        env=environment, capture_output=True, text=True, timeout=60, check=True)
    figures = json.loads(result.stdout.splitlines()[-1])
    if figures["errors"] or not figures["requests"]:
        raise Failed(f"wrk: {figures['errors']} of {figures['requests']} requests failed")
    seconds = figures["microseconds"] / 1e6
    return {
        "requests": figures["requests"] / seconds,
        "megabytes": figures["bytes"] / seconds / 1e6,
    }
