"""The programs under test, stripped and laid side by side as they are shipped."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

from harness.clock import Failed

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
_STATIC = ["swift", "build", "-c", "release", "--static-swift-stdlib"]


class Program:
    """`mirror` with `mirror-hook` beside it."""

    def __init__(self, folder, mirror, hook):
        binaries = folder / "bin"
        binaries.mkdir()
        self.path = binaries / "mirror"
        self.hook = binaries / "mirror-hook"
        for source, copy in [(mirror, self.path), (hook, self.hook)]:
            shutil.copy(source, copy)
            if shutil.which("strip"):
                subprocess.run(["strip", copy], check=True)

    @classmethod
    def build_or_find(cls, folder, environment):
        """Takes MIRROR and MIRROR_HOOK, and builds what they do not name."""
        mirror = environment.get("MIRROR") or cls.build("mirror")
        hook = environment.get("MIRROR_HOOK") or cls.build(
            "mirror-hook", "-Xswiftc", "-static-executable", "--scratch-path", ".build-hook")
        return cls(folder, mirror, hook)

    @staticmethod
    def build(product, *options):
        """Builds a product for release, and gives its path."""
        print(f"building {product} …", file=sys.stderr, flush=True)
        words = _STATIC + ["--product", product, *options]
        subprocess.run(words, cwd=PACKAGE, stdout=subprocess.DEVNULL, check=True)
        folder = subprocess.run(
            words + ["--show-bin-path"], cwd=PACKAGE, stdout=subprocess.PIPE, text=True,
            check=True)
        return pathlib.Path(folder.stdout.strip()) / product

    def run(self, store, command, *options):
        """The words of a command behind a gateway of its own; the lock lies beside the store."""
        return [
            self.path, "run", "--store", store, "--lock", f"{store}.lock", *options, "--", *command]

    @contextlib.contextmanager
    def session(self, store, environment):
        """A gateway that is up: the process, and the environment a build would have behind it.

        The build is a shell that writes its environment down and waits.
        """
        note = store.with_suffix(".environment")
        script = 'env -0 >"$1.new" && mv "$1.new" "$1" && cat >/dev/null'
        process = subprocess.Popen(
            self.run(store, ["sh", "-c", script, "sh", note]), env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(500):
                if note.exists() or process.poll() is not None:
                    break
                time.sleep(0.02)
            if not note.exists():
                raise Failed("mirror run did not start its command")
            pairs = note.read_text().rstrip("\0").split("\0")
            yield process, dict(pair.split("=", 1) for pair in pairs)
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            note.unlink(missing_ok=True)


def clean_environment(folder):
    """The environment of the bare side: no proxy, no configuration of anybody's."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C"}
