"""One thread that works through a line of pieces of work; what nobody waits for any longer leaves the line."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Line:
    """A line of pieces of work, and the thread that does them; it does not keep the program from ending."""

    def __init__(self) -> None:
        self._given: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._open: set[Future[Any]] = set()
        # a daemon: Ctrl-C does not wait for the model
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        """Return how many pieces of work are in line or being done."""
        return len(self._open)

    def put(self, work: Callable[[], T]) -> Future[T]:
        """Put a piece of work at the end of the line; `cancel` takes it out again unless it has begun."""
        future: Future[T] = Future()
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        self._given.put((future, work))
        return future

    def close(self) -> None:
        """Drop what has not begun, and end the thread after what has."""
        for future in list(self._open):
            future.cancel()
        self._given.put(None)

    def _work(self) -> None:
        while (given := self._given.get()) is not None:
            future, work = given
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # whatever it is, whoever waits is told
                future.set_exception(error)
            del given, future, work  # an answer is not kept until the next question
