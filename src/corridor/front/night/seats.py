"""Processes that work on one case after the other. Whoever is killed takes nothing along but the case he was at."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.front.night.work import Nightly, Summary

Tell = Callable[[str, str, float, str], None]  # a case, a step, how many seconds it took, how it ended
_PATIENCE = 3600.0  # seconds: a system waits no longer than its clock can count
KILLED, LATE = "killed", "late"  # how a case ended whose process did not say


@dataclass(frozen=True)
class Work:
    """What a process needs to know: the night's folder, and what is done with each case."""

    night: Path
    asked: Nightly


class Seat:
    """A place for one process, which is started when it is first needed and again after it was killed."""

    def __init__(self, work: Work) -> None:
        self.work, self.case, self.began, self.busy = work, Path(), 0.0, False
        self.pipe: Connection | None = None
        self.process: Any = None

    def begin(self, case: Path) -> None:
        """Hand a case to the process."""
        if self.pipe is None:
            context = multiprocessing.get_context("spawn")
            self.pipe, theirs = context.Pipe()
            self.process = context.Process(target=_sit, args=(theirs, self.work))
            self.process.start()
            theirs.close()
        self.case, self.began, self.busy = case, time.monotonic(), True
        with suppress(ConnectionError):  # killed before it began: it is heard of in `hear`
            self.pipe.send(case)

    def hear(self) -> tuple[str, Any]:
        """Return what the process says next: ("step", …), ("summary", …), or (KILLED, why) where it is gone."""
        try:
            assert self.pipe is not None
            kind, content = self.pipe.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            code = self.process.exitcode
            self.end()
            why = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
            return KILLED, why
        return kind, content

    def end(self) -> None:
        """End the process, whatever it is at."""
        if self.pipe is not None:
            self.pipe.close()
            self.process.kill()
            self.process.join()
            self.pipe = None


def work_apart(
    cases: Iterable[Path], work: Work, workers: int, longest: float, tell: Tell
) -> Iterator[tuple[Path, Summary, float]]:
    """Work on cases in `workers` processes and hand on each with its summary and its seconds, as they end.

    A case that takes more than `longest` seconds is ended, one whose process was killed is told of; the others go on.
    """
    left = deque(cases)
    seats = [Seat(work) for _ in range(min(workers, len(left)))]
    try:
        while left or any(seat.busy for seat in seats):
            for seat in seats:
                if not seat.busy and left:
                    seat.begin(left.popleft())
            busy = [seat for seat in seats if seat.busy]
            due = min(seat.began for seat in busy) + longest - time.monotonic()
            ready = wait([seat.pipe for seat in busy if seat.pipe is not None], min(max(due, 0.0), _PATIENCE))
            for seat in busy:
                ended = _attend(seat, seat.pipe in ready, longest, tell)
                if ended is not None:
                    seat.busy = False
                    yield seat.case, ended, time.monotonic() - seat.began
    finally:
        for seat in seats:
            seat.end()


def _attend(seat: Seat, speaks: bool, longest: float, tell: Tell) -> Summary | None:
    """Return the summary of the case of a seat where it ended, None while it goes on."""
    if not speaks:
        if time.monotonic() - seat.began < longest:
            return None
        seat.end()
        return {"case": seat.case.name, "state": LATE, "said": f"{longest / 60:g}", "refused": []}
    kind, content = seat.hear()
    if kind == "step":
        tell(seat.case.name, *content)
        return None
    if kind == KILLED:
        return {"case": seat.case.name, "state": KILLED, "said": content, "refused": []}
    summary: Summary = content
    return summary


def _sit(pipe: Connection, work: Work) -> None:
    """Work on the cases that come, until nobody sends any more or the process that does is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that hands out the cases
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    from corridor.front.night.work import work_on_case

    def tell(step: str, seconds: float, outcome: str) -> None:
        pipe.send(("step", (step, seconds, outcome)))

    while True:
        try:
            case = pipe.recv()
        except EOFError:
            return
        pipe.send(("summary", work_on_case(case, work.night, work.asked, tell)))


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
