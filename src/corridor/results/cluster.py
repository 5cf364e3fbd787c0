"""A crew on a cluster of dask.distributed: on this machine, or wherever a scheduler is."""

from __future__ import annotations

import logging
import pickle
import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.crew import Answer, Given
from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.scenario.version import __version__

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
PATIENCE = "20s"  # for the scheduler to answer
LOST = "the cluster was lost ({}); finished parts are kept, run the same command again"
SLOW = "distributed.deploy.lost-worker-timeout"  # a machine with much to do is slow to begin a worker anew
GONE = "its scheduler no longer answers"
QUIET = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"  # Ctrl-C is for who gave the work out
ALIKE = {"corridor": __version__, "numpy": np.__version__, "processor": platform.machine()}  # decide the bytes


class Cluster:
    """The workers of a cluster. A task of one that is lost is given to another."""

    def __init__(self, client: Client) -> None:
        self.client = client

    @property
    def size(self) -> int:
        """Return how many tasks are done at the same time."""
        return max(1, int(sum(self.client.nthreads().values())))

    def do(self, task: Callable[[Given], Answer], given: Iterable[Given]) -> Iterator[tuple[Given, Answer]]:
        """Do a task for everything given; see `Crew`."""
        from distributed import as_completed

        packed = self.client.submit(pickle.loads, pickle.dumps(task), pure=False)  # made again when its worker is lost
        left, at_work = iter(given), dict[Any, Given]()

        def give_out(number: int) -> list[Any]:
            new = {self.client.submit(_work, packed, one, ALIKE, pure=False): one for one in islice(left, number)}
            at_work.update(new)
            return list(new)

        coming = as_completed(give_out(2 * self.size), loop=self.client.loop)
        try:
            for future in coming:
                answer = self._take(future)
                yield at_work.pop(future), answer
                for new in give_out(1):
                    coming.add(new)
        finally:
            if at_work and self.client.status == "running":
                self.client.cancel(list(at_work))

    def _take(self, future: Any) -> Any:
        """Return what came of a task. Raises InterruptedRunError when it is lost, or what the task raised."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            if future.status == "cancelled":  # as all are when the scheduler is gone
                raise InterruptedRunError(LOST.format(GONE))
            return future.result()
        except KilledWorker as error:
            raise InterruptedRunError(LOST.format("one worker after the other was killed at the same task")) from error
        except CommClosedError as error:
            raise InterruptedRunError(LOST.format(GONE)) from error


def _work(task: Callable[[Given], Answer], one: Given, alike: dict[str, str]) -> Answer:
    """Do a task on a worker. Raises UsageError where other versions would give other numbers."""
    if wrong := [f"{name} is {ALIKE[name]}, not {alike[name]}" for name in alike if ALIKE[name] != alike[name]]:
        message = f"a worker of the cluster would give other numbers: {', '.join(wrong)}"
        raise UsageError(message)
    return task(one)


@contextmanager
def join_cluster(cluster: Any, workers: int) -> Iterator[Cluster]:
    """Give the crew of a cluster: "local", an address or a client. Raises UsageError when it cannot be reached."""
    try:
        from distributed import Client
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        message = "a cluster needs dask.distributed: install corridor[cluster]"
        raise UsageError(message) from error
    if isinstance(cluster, Client):
        yield Cluster(cluster)
    elif cluster == LOCAL:
        with _begin_local(workers) as client:
            yield Cluster(client)
    else:
        try:
            client = Client(cluster, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            message = f"no cluster answers at {cluster}: {error}; name its scheduler as tcp://host:8786, or local"
            raise UsageError(message) from error
        with silence_logging_cmgr(logging.CRITICAL), client:  # what is lost is told in a sentence
            yield Cluster(client)


@contextmanager
def _begin_local(workers: int) -> Iterator[Client]:
    """Give the client of a cluster of processes on this machine, reached by nobody else, which ends with the block."""
    import dask
    from distributed import Client, LocalCluster

    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address="127.0.0.1:0",
        host="127.0.0.1", silence_logs=logging.CRITICAL, preload=[QUIET],
    )  # fmt: skip
    with dask.config.set({SLOW: "1h"}), cluster, Client(cluster, set_as_default=False) as client:
        yield client
