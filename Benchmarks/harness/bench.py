"""What every measurement works with."""

import shutil
import subprocess

from harness.clock import Failed
from harness.program import clean_environment


class Bench:
    """The folder, the programs, the peer, the table, and how often to compare."""

    def __init__(self, folder, program, nginx, table, rounds):
        self.folder = folder
        self.program = program
        self.nginx = nginx
        self.table = table
        self.rounds = rounds
        self.environment = clean_environment(folder)
        self._count = 0

    def attempt(self, name, measure):
        """Makes a measurement; one that cannot be made does not keep the others from being made."""
        try:
            measure(self)
        except (Failed, OSError, subprocess.SubprocessError, ValueError) as error:
            self.table.fail(name, str(error) or type(error).__name__)

    def fresh(self, what):
        """The path of something that is not there yet."""
        self._count += 1
        return self.folder / f"{what}-{self._count}"

    def require_space(self, size):
        """Stops a measurement that the disk has no room for."""
        free = shutil.disk_usage(self.folder).free
        if free < size + (1 << 30):
            raise Failed(f"{self.folder}: {free >> 20} MiB free, {(size >> 20) + 1024} needed")
