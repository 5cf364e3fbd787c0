"""A command in a process of its own, that dies, or finds the disk full, on the way.

Starting one costs seconds. So one process loads and compiles everything once, does nothing else, and forks a child for
every call: `python dying.py` is that process; a call is pickled to it, how it ended comes back.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.truncate")
KILLED = -signal.SIGKILL
LONGEST = 120.0  # seconds: a command that takes longer hangs, also where it compiles first


@dataclass(frozen=True)
class Ended:
    """How a command ended; `changes` are its calls of the system that changed something in its folder."""

    code: int
    said: str
    changes: int
    seconds: float


@dataclass(frozen=True)
class Asked:
    """A call: words, folder, and what befalls it; see `run_apart`."""

    words: tuple[str, ...]
    at: Path
    die_before: int | None
    die_after: float
    largest_file: int | None


def run_apart(
    words: tuple[str, ...],
    at: Path,
    die_before: int | None = None,
    die_after: float = LONGEST,
    largest_file: int | None = None,
) -> Ended:
    """Call `corridor` in a process of its own, in the folder `at`, and return how it ended.

    It is killed before its `die_before`th change to the folder, or after `die_after` seconds; no file it writes grows
    beyond `largest_file` bytes, as if the disk were full.
    """
    process = start_nest()
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump(Asked(words, at, die_before, die_after, largest_file), process.stdin)
    process.stdin.flush()
    ended: Ended = pickle.load(process.stdout)
    assert ended.code != KILLED or ended.seconds < LONGEST, "it hangs"
    return ended


@cache
def start_nest() -> subprocess.Popen[bytes]:
    """Return the process that forks."""
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    command = [sys.executable, "-c", "import hostile.dying; hostile.dying.serve()"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths}
    )


def serve() -> None:
    """Answer calls until nobody asks any more."""
    import corridor
    from command import call
    from corridor.evidence.grammar.language import load_language

    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for module in (*sorted(set(corridor.CALLS.values())), "matplotlib.figure", "openpyxl"):
        importlib.import_module(module)
    load_language("en")
    with tempfile.TemporaryDirectory() as scratch:
        call("init", Path(scratch) / "case")
        corridor.run(corridor.read(Path(scratch) / "case"), replicates=1)  # in memory: opens no database
    while True:
        try:
            one = pickle.load(asked)
        except EOFError:
            return
        pickle.dump(_fork(one), told)
        told.flush()


def _fork(asked: Asked) -> Ended:
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _act(asked, writing)
        finally:
            os._exit(0)
    os.close(writing)
    while time.monotonic() < began + asked.die_after:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            break
        time.sleep(0.001)
    else:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    seconds = time.monotonic() - began
    try:
        return Ended(*pickle.loads(told), seconds)
    except (EOFError, pickle.UnpicklingError):
        return Ended(KILLED, "", 0, seconds)


def _act(asked: Asked, writing: int) -> None:
    from command import call

    count = _watch(asked.at, asked.die_before)
    if asked.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.largest_file, resource.RLIM_INFINITY))
    done = call(*asked.words, at=asked.at)
    os.write(writing, pickle.dumps((done.code, (done.stdout + done.stderr)[-3000:], count())))


def _watch(at: Path, die_before: int | None) -> Callable[[], int]:
    """Count the changes that this process makes below a folder from now on, and end it before one of them."""
    seen = 0

    def hear(event: str, facts: tuple[Any, ...]) -> None:
        nonlocal seen
        if event == "open":
            path, _, flags = facts
            if not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
                return
        elif event in CHANGES:
            path = facts[0]
        else:
            return
        if not isinstance(path, str | os.PathLike) or not (Path.cwd() / path).is_relative_to(at):
            return
        seen += 1
        if seen == die_before:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    return lambda: seen
