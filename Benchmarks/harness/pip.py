"""pip, the tool that most Python builds wait for: 300 wheels recorded, and repeated offline."""

import os
import zipfile

from harness.clock import Failed, in_turns, timed
from harness.table import Row, Target

_COUNT, _SIZE = 300, 64 << 10


def measure(bench):
    names = _lay_index(bench.nginx.files)
    environment = bench.environment | {
        "PIP_INDEX_URL": bench.nginx.url("simple/"), "PIP_NO_CACHE_DIR": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    listing = bench.fresh("requirements")
    listing.write_text("".join(f"{name}==1.0\n" for name in names))
    rounds = (bench.rounds + 1) // 2

    def download(wrap):
        folder = bench.fresh("wheels")
        os.sync()
        seconds = timed(
            wrap(["pip", "download", "-q", "--no-deps", "-d", folder, "-r", listing]), environment,
            log=bench.folder / "log")
        if len(list(folder.glob("*.whl"))) != _COUNT:
            raise Failed("pip: did not download every wheel")
        return seconds

    store = bench.fresh("store")
    download(lambda command: bench.program.run(store, command))
    for title, wrap, most in [
        ("recording", lambda command: bench.program.run(bench.fresh("store"), command), 1.15),
        ("offline", lambda command: bench.program.run(store, command, "--offline"), 1),
    ]:
        medians = in_turns(
            rounds, lambda: download(wrap), lambda: download(lambda command: command))
        bench.table.add(
            Row(f"{title}: {_COUNT} × 64 KiB, one pip, nginx", "s", *medians,
                Target("ratio", "most", most)))


def _lay_index(files):
    """Makes wheels, no two alike, and the index that lists each."""
    names = [f"wheel{number:03}" for number in range(_COUNT)]
    for name in names:
        folder = files / "simple" / name
        folder.mkdir(parents=True, exist_ok=True)
        file = f"{name}-1.0-py3-none-any.whl"
        information = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(folder / file, "w") as wheel:
            wheel.writestr(f"{name}/data.bin", os.urandom(_SIZE))
            wheel.writestr(
                f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(
                f"{information}/WHEEL",
                "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{information}/RECORD", "")
        (folder / "index.html").write_text(
            '<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head>'
            f'<body><a href="{file}">{file}</a></body></html>\n')
    return names
