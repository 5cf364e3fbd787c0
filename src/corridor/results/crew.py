"""Who does the work: this process, several processes of this machine, or a cluster. They are used alike.

A task is a function that a module holds by name (or a `partial` of one), so that it can be handed to other processes;
what it is given and what it returns are small: a worker writes large things itself. What comes of a task must not
depend on who does it, nor on what was done before it.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, TypeVar

from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.words.language import ENGLISH
from corridor.words.writing import tell

Given = TypeVar("Given")
Answer = TypeVar("Answer")


class Crew(Protocol):
    """Workers that do tasks."""

    @property
    def size(self) -> int:
        """Return how many tasks are done at the same time."""

    def do(self, task: Callable[[Given], Answer], given: Iterable[Given]) -> Iterator[tuple[Given, Answer]]:
        """Do a task for everything given, and hand on what was given with what came of it, in any order.

        `given` is asked for more only when a worker is about to be free, so that it may be long, and may follow from
        what has come of others. An error of a task is raised here. Raises InterruptedRunError when workers were lost
        and the rest cannot be done: what tasks had written by then is there.
        """


class Alone:
    """The process at hand, which does one task after the other."""

    size = 1

    def do(self, task: Callable[[Given], Answer], given: Iterable[Given]) -> Iterator[tuple[Given, Answer]]:
        """Do a task for everything given, in order; see `Crew`."""
        for one in given:
            yield one, task(one)


ALONE: Crew = Alone()
AT_ONCE = 100  # numbers in a share at most


class Several:
    """Several processes of this machine, or several threads of this process."""

    def __init__(self, pool: Executor, size: int) -> None:
        self.pool, self.size = pool, size

    def do(self, task: Callable[[Given], Answer], given: Iterable[Given]) -> Iterator[tuple[Given, Answer]]:
        """Do a task for everything given; see `Crew`."""
        left, at_work = iter(given), dict[Future[Answer], Given]()

        def give_out(number: int) -> None:
            at_work.update((self.pool.submit(task, one), one) for one in islice(left, number))

        try:
            give_out(self.size + 1)  # one waits, so that nobody idles while an answer is taken
            while at_work:
                done = wait(at_work, return_when=FIRST_COMPLETED).done
                for future in done:
                    answer = future.result()
                    yield at_work.pop(future), answer
                give_out(len(done))
        except BrokenProcessPool as error:
            raise InterruptedRunError(tell(ENGLISH, "cluster.worker")) from error
        finally:
            for future in at_work:
                future.cancel()


@contextmanager
def hire(workers: int = 1, cluster: Any = None, threads: bool = False) -> Iterator[Crew]:
    """Give a crew for a block of work: this process, `workers` processes (or threads of this one), or a cluster.

    `cluster` is "local" (a cluster of `workers` processes on this machine), the address of a scheduler of
    dask.distributed, or a Client of it, which stays open. Raises UsageError for less than one worker, or a cluster that
    cannot be reached.
    """
    if workers < 1:
        raise UsageError(tell(ENGLISH, "cluster.workers"))
    if cluster is not None:
        from corridor.results.cluster import join_cluster  # dask is loaded by who asks for it

        with join_cluster(cluster, workers) as crew:
            yield crew
    elif workers == 1:
        yield ALONE
    elif threads:
        with ThreadPoolExecutor(workers) as pool:
            yield Several(pool, workers)
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, context, _ignore_interrupts) as processes:
            yield Several(processes, workers)


def share_out(number: int, crew: Crew, at_once: int = AT_ONCE) -> list[range]:
    """Return the numbers from 0 on in shares for a crew: one for each worker at least, none of more than `at_once`."""
    size = max(1, min(at_once, -(-number // crew.size)))
    return [range(first, min(first + size, number)) for first in range(0, number, size)]


def in_order(done: Iterable[tuple[Given, Answer]], order: Iterable[Given]) -> Iterator[tuple[Given, Answer]]:
    """Go through what a crew has done in the order in which it was given out; `order` holds the same, each once."""
    early: dict[Given, Answer] = {}
    coming = iter(done)
    for one in order:
        while one not in early:
            given, answer = next(coming)
            early[given] = answer
        yield one, early.pop(one)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that gave the work out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
