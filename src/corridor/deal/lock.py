"""One writer at a time on any platform: the file is locked where the system can, else one beside it made."""

from __future__ import annotations

import contextlib
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

try:
    import fcntl

    CAN_LOCK = True
except ImportError:  # Windows
    CAN_LOCK = False

PATIENCE = 10.0  # seconds to wait for another writer


@contextlib.contextmanager
def hold(file: IO[bytes], path: Path) -> Iterator[None]:
    """Hold the open file at `path` for this process alone. Raises OSError when it cannot be had."""
    if not CAN_LOCK:
        with hold_beside(path, PATIENCE):
            yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def hold_beside(path: Path, patience: float = 10.0) -> Iterator[None]:
    """Hold `path` by making `path`.lock, as only one can. TimeoutError after `patience` s."""
    mark = path.with_name(path.name + ".lock")
    until = time.monotonic() + patience
    while True:
        try:
            mark.open("x").close()
            break
        except (FileExistsError, PermissionError) as error:  # Windows: a file that is being removed
            if time.monotonic() > until:
                words = f"{mark.name} says that somebody else is writing; remove it if nobody is"
                raise TimeoutError(0, words) from error
            time.sleep(0.01)
    try:
        yield
    finally:
        mark.unlink()
