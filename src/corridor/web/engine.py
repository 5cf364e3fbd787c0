"""The model behind the page: loaded in a thread while the page is up already; one piece of work at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
MOST_WAITING = 16  # pieces of work: more than one page asks for at once
END = object()


class BusyError(Exception):
    """More is asked for than can be done soon."""


class Engine:
    """One thread that works, and a line before it that cannot grow.

    Work of one kind asked for anew makes older work of that kind stale: what has not begun is dropped, and what has is
    told (`cancelled`) and stops by itself.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._waiting = 0
        self._newest: dict[str, threading.Event] = {}

    @property
    def waiting(self) -> int:
        """Return how many pieces of work are in line or being done."""
        return self._waiting

    async def do(self, work: Callable[[], T]) -> T:
        """Do a piece of work in its turn and return what comes of it. Raises BusyError when the line is full."""
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1

    async def follow(self, kind: str, work: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncIterator[T]:
        """Go through what a piece of work yields, one by one, so that others get their turn between.

        `work` is called with a function that tells whether it has become stale, and is asked no further then.
        """
        stale = threading.Event()
        self._newest.get(kind, threading.Event()).set()
        self._newest[kind] = stale
        try:
            steps: Iterator[T] | None = None
            while not stale.is_set():
                if steps is None:
                    steps = await self.do(lambda: iter(work(stale.is_set)))
                found: T | object = await self.do(lambda: next(steps, END))  # noqa: B023
                if found is END or stale.is_set():
                    return
                yield found  # type: ignore[misc]
        finally:
            stale.set()

    def close(self) -> None:
        """Drop what has not begun, and tell what has that nobody waits for it."""
        for stale in self._newest.values():
            stale.set()
        self._thread.shutdown(wait=False, cancel_futures=True)
