"""The model behind the page: loaded in a thread while the page is up already; one piece of work at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

from corridor.web.line import Line

T = TypeVar("T")
MOST_WAITING = 16  # pieces of work: more than one page asks for at once
END = object()


class BusyError(Exception):
    """More is asked for than can be done soon."""


class Asked:
    """A question of one kind, until a newer one of that kind makes it stale."""

    def __init__(self) -> None:
        self._stale = threading.Event()
        self.step: Future[Any] | None = None

    def is_stale(self) -> bool:
        """Tell whether nobody waits for the answer any longer."""
        return self._stale.is_set()

    def drop(self) -> None:
        """Make it stale, and take out of the line what of it has not begun."""
        self._stale.set()
        if self.step is not None:
            self.step.cancel()


class Engine:
    """One thread that works, and a line before it that cannot grow.

    Work of one kind asked for anew makes older work of that kind stale: what has not begun leaves the line, and what
    has is told (`cancelled`) and stops by itself.
    """

    def __init__(self) -> None:
        self._line = Line()
        self._newest: dict[str, Asked] = {}

    @property
    def waiting(self) -> int:
        """Return how many pieces of work are in line or being done."""
        return len(self._line)

    async def do(self, work: Callable[[], T]) -> T:
        """Do a piece of work in its turn and return what comes of it. Raises BusyError when the line is full."""
        return await asyncio.wrap_future(self._put(work))

    def _put(self, work: Callable[[], T]) -> Future[T]:
        if len(self._line) >= MOST_WAITING:
            raise BusyError
        return self._line.put(work)

    async def follow(self, kind: str, work: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncIterator[T]:
        """Go through what a piece of work yields, one by one, so that others get their turn between.

        `work` is called with a function that tells whether it has become stale, and is asked no further then. Raises
        BusyError when the line is full.
        """
        asked = Asked()
        if kind in self._newest:
            self._newest[kind].drop()
        self._newest[kind] = asked
        steps: list[Iterator[T]] = []

        def go_on() -> T | object:
            if not steps:
                steps.append(iter(work(asked.is_stale)))
            return next(steps[0], END)

        try:
            while not asked.is_stale():
                asked.step = self._put(go_on)
                found = await asyncio.wrap_future(asked.step)
                if found is END or asked.is_stale():
                    return
                yield found
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise  # whoever asked has gone; what was dropped for something newer only ends
        finally:
            asked.drop()
            if self._newest.get(kind) is asked:
                del self._newest[kind]

    def close(self) -> None:
        """Drop what has not begun, and tell what has that nobody waits for it."""
        for asked in list(self._newest.values()):
            asked.drop()
        self._line.close()
