"""A crew on a cluster of dask.distributed: on this machine, or wherever a scheduler is."""

from __future__ import annotations

import logging
import pickle
import platform
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.crew import Answer, Given
from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.scenario.version import __version__
from corridor.words.language import ENGLISH
from corridor.words.said import Stated, join, say
from corridor.words.writing import tell

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
PATIENCE = "20s"  # for the scheduler to answer
SILENCE = 30.0  # seconds without a worker, after which it is said
SPARING = {  # of a cluster on this machine: what runs beside the work costs next to nothing
    "distributed.deploy.lost-worker-timeout": "1h",  # a machine with much to do is slow to begin a worker anew
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",  # each process looks up fifty times a second otherwise
}
PLAIN = "distributed.nanny.pre-spawn-environ"  # by it memory is given back at once and asked for anew
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

        def give_out() -> list[Any]:
            number = max(0, 2 * self.size - len(at_work))  # workers may come and go
            new = {self.client.submit(_work, packed, one, ALIKE, pure=False): one for one in islice(left, number)}
            at_work.update(new)
            return list(new)

        with self._watched():
            coming = as_completed(give_out(), loop=self.client.loop)
            try:
                for future in coming:
                    answer = self._take(future)
                    yield at_work.pop(future), answer
                    coming.update(give_out())
            finally:
                if at_work and self.client.status == "running":
                    self.client.cancel(list(at_work))

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Say so on stderr when a block of work waits for a cluster that has lost all its workers."""
        ended = threading.Event()
        watch = threading.Thread(target=self._say_when_alone, args=[ended], daemon=True)
        watch.start()
        try:
            yield
        finally:
            ended.set()

    def _say_when_alone(self, ended: threading.Event) -> None:
        """Say once each time that there has been no worker for a while."""
        alone = 0
        while not ended.wait(SILENCE / 10):
            with suppress(Exception):  # of a lost scheduler the work itself tells
                alone = 0 if self.client.nthreads() else alone + 1
                if alone == 10:
                    alone_for = tell(ENGLISH, "cluster.alone", seconds=Stated(SILENCE))
                    print(f"corridor: {alone_for}", file=sys.stderr, flush=True)  # noqa: T201

    def _take(self, future: Any) -> Any:
        """Return what came of a task. Raises InterruptedRunError when it is lost, or what the task raised."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            if future.status == "cancelled":  # as all are when the scheduler is gone
                raise InterruptedRunError(_tell_lost("gone"))
            return future.result()
        except KilledWorker as error:
            raise InterruptedRunError(_tell_lost("killed")) from error
        except CommClosedError as error:
            raise InterruptedRunError(_tell_lost("gone")) from error


def _tell_lost(how: str) -> str:
    """Return what is said of a cluster that was lost."""
    return tell(ENGLISH, "cluster.lost", why=say(f"cluster.{how}"))


def _work(task: Callable[[Given], Answer], one: Given, alike: dict[str, str]) -> Answer:
    """Do a task on a worker. Raises UsageError where other versions would give other numbers."""
    differing = [name for name in alike if ALIKE[name] != alike[name]]
    if differing:
        said = [say("cluster.difference", name=name, there=ALIKE[name], here=alike[name]) for name in differing]
        raise UsageError(tell(ENGLISH, "cluster.differs", differences=join(*said, between=", ")))
    return task(one)


@contextmanager
def join_cluster(cluster: Any, workers: int) -> Iterator[Cluster]:
    """Give the crew of a cluster: "local", an address or a client. Raises UsageError when it cannot be reached."""
    try:
        from distributed import Client
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        raise UsageError(tell(ENGLISH, "cluster.extra", extra="corridor[cluster]")) from error
    if isinstance(cluster, Client):
        yield Cluster(cluster)
    elif cluster == LOCAL:
        with _begin_local(workers) as client:
            yield Cluster(client)
    else:
        try:
            client = Client(cluster, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            asked = {"address": str(cluster), "why": str(error), "example": "tcp://host:8786", "local": LOCAL}
            raise UsageError(tell(ENGLISH, "cluster.silent", **asked)) from error
        with silence_logging_cmgr(logging.CRITICAL), client:  # what is lost is told in a sentence
            yield Cluster(client)


@contextmanager
def _begin_local(workers: int) -> Iterator[Client]:
    """Give the client of a cluster of processes on this machine, reached by nobody else, which ends with the block."""
    import dask
    from distributed import Client, LocalCluster

    environment = {name: value for name, value in dask.config.get(PLAIN).items() if not name.startswith("MALLOC")}
    with dask.config.set({**SPARING, PLAIN: environment}):
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address="127.0.0.1:0",
            host="127.0.0.1", silence_logs=logging.CRITICAL, preload=[QUIET],
        )  # fmt: skip
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client
