"""Commands under a clock: run to their end or killed after a limit, in turns, by the median."""

import os
import pathlib
import select
import signal
import statistics
import time

from harness.machine import find


class Failed(Exception):
    """A measurement could not be made."""


def timed(words, environment, log=os.devnull, limit=300):
    """Runs a command and returns the seconds it took."""
    return _run(words, environment, log, limit)[0]


def processor_time(words, environment):
    """Runs a command and returns the seconds that it and its children computed.

    For a command that takes long by itself, whose time moves by more than what is looked for.
    """
    return _run(words, environment, os.devnull, 300)[1]


def _run(words, environment, log, limit):
    """Seconds by the wall and by the processor.

    The child is spawned without a shell, and waited for by its descriptor, so that both sides of a
    comparison pay the same few hundred microseconds.
    """
    program = find(words[0], environment["PATH"])
    if not program:
        raise Failed(f"{words[0]}: no such command")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(
        program, [str(word) for word in words], environment, file_actions=actions)
    descriptor = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        ended = poll.poll(limit * 1000)
        elapsed = time.perf_counter() - start
        if not ended:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        status = os.waitstatus_to_exitcode(status)
    finally:
        os.close(descriptor)
    if not ended:
        raise Failed(f"{words[0]}: not done after {limit} s")
    if status != 0:
        said = "" if log == os.devnull else pathlib.Path(log).read_text(errors="replace")[-300:]
        raise Failed(f"{words[0]}: exit code {status} {said.strip()}")
    return elapsed, usage.ru_utime + usage.ru_stime


def in_turns(rounds, *sides):
    """Calls each side once a round, the first side first and last by turns; returns medians."""
    figures = [[] for _ in sides]
    for number in range(rounds):
        order = range(len(sides))
        for index in order if number % 2 == 0 else reversed(order):
            figures[index].append(sides[index]())
    return [statistics.median(values) for values in figures]
