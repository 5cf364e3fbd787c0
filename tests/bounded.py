"""Work that must end: a bound so far above what the work takes that only growth of the wrong kind reaches it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Fail if what is done inside takes more processor time than this; not a measure of speed, which benchmarks give."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds
