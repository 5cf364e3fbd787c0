"""What-ifs without waiting: a compiled case kept in memory, changed cases simulated beside it, few replicates first.

Replicate r of a changed case is the one that a run of it has; as its luck is that of the case as it was, their
difference is sharp after few replicates already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import thread_time
from typing import NamedTuple

from corridor.results.side import Cancelled, Kept, Side, StoppedError, simulate_side
from corridor.scenario.draft import Draft
from corridor.scenario.edits import merge_documents, name_edited
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario, load_draft, make_scenario, read_folder
from corridor.scenario.variant import EDITS, Document
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import prepare
from corridor.simulate.model import Model
from corridor.simulate.snapshots import find_difference
from corridor.simulate.watching import Watched, begin_watched, choose

STAGES = (10, 50, 200)  # replicates after which an answer is given
AT_ONCE = 50  # replicates simulated together: so many fit into the processor's own memory


class Pair(NamedTuple):
    """A case as it was and as it is changed: so many replicates of each, and the seconds of one core that they took."""

    base: Watched
    edited: Watched
    base_scenario: Scenario
    scenario: Scenario
    model: Model
    replicates: int
    seconds: float
    base_seconds: float


class LiveCase:
    """A case compiled once and asked again and again what would be if; its replicates are kept in memory.

    Several answers may be begun: of these one is simulated at a time, until it next gives something.
    """

    def __init__(self, like: Scenario, parameters: str, seed: int | None, behaviour: Behaviour | None = None) -> None:
        """Read and compile the folder of a scenario, with its variant and edits, under a parameter set.

        Raises UsageError when the folder does not hold the scenario any more as it was read.
        """
        self.folder, self.edits, self.variant = Path(like.folder), like.edits, like.variant_name
        if self.edits is not None:
            self.variant = self.variant.removesuffix(EDITS).rstrip()
        self.read: Draft = read_folder(self.folder)
        draft = load_draft(self.folder, self.variant or None, edits=self.edits, read=self.read)
        scenario = replace(make_scenario(draft, like.variant_name), edits=self.edits)
        if scenario.hash != like.hash:
            message = f"{like.folder} does not hold this scenario as it was read: it was changed since, or in memory"
            raise UsageError(message)
        ensemble = prepare(scenario, parameters, seed, behaviour)
        memory = begin_watched(ensemble.model, choose(ensemble.model), STAGES[-1])
        self.base = Side(scenario, ensemble, memory)
        self.kept, self.lock = Kept(), Lock()
        self.spare: list[Watched] = []

    def edit(self, document: Document) -> Scenario:
        """Return the case with edits laid over it. Raises FaultsError with every fault."""
        edits = document if self.edits is None else merge_documents(self.edits, document)
        draft = load_draft(self.folder, self.variant or None, edits=edits, read=self.read)
        edited = make_scenario(draft, name_edited(self.variant, edits), like=self.base.scenario)
        return replace(edited, edits=edits)

    def answer(self, document: Document, stages: Sequence[int], cancelled: Cancelled) -> Iterator[Pair]:
        """Simulate a changed case beside the case as it was, and give both whenever so many replicates are done.

        Ends early when `cancelled` says so. Raises FaultsError with every fault of the changed case, UsageError for
        stages that do not grow from 1 to 200 at most.
        """
        if not all(a < b for a, b in zip((0, *stages), (*stages, STAGES[-1] + 1), strict=True)):
            message = f"stages are growing numbers of replicates, at most {STAGES[-1]}: not {list(stages)}"
            raise UsageError(message)
        with self._begin(document) as side:
            for replicates in stages:
                try:
                    with self.lock:
                        self._fill(self.base, replicates, cancelled)
                        self._fill(side, replicates, cancelled)
                except StoppedError:
                    return
                base = self.base
                yield Pair(
                    base.watched, side.watched, base.scenario, side.scenario, side.model, replicates, side.seconds,
                    base.seconds,
                )  # fmt: skip

    @contextmanager
    def _begin(self, document: Document) -> Iterator[Side]:
        """Give the changed case, with memory for its replicates that is taken back afterwards."""
        clock = thread_time()
        scenario = self.edit(document)
        model = compile_model(scenario, self.base.model.parameter_set)
        differs = find_difference(self.base.model, model)
        if differs is None:
            yield Side(scenario, self.base.ensemble, self.base.watched, None, thread_time() - clock)
            return
        watched, ensemble = self._take_memory(model), replace(self.base.ensemble, model=model)
        try:
            yield Side(scenario, ensemble, watched, differs, thread_time() - clock)
        finally:
            self.spare = [watched]

    def _take_memory(self, model: Model) -> Watched:
        """Return memory for replicates: that of the answer before if it has the same columns."""
        choice, spare = choose(model), self.spare.pop() if self.spare else None
        if spare is not None and spare.choice.columns == choice.columns:
            return replace(spare, choice=choice, filled=0)
        return begin_watched(model, choice, STAGES[-1])

    def _fill(self, side: Side, replicates: int, cancelled: Cancelled) -> None:
        """Simulate the replicates that are lacking. Raises StoppedError when nobody wants them any more."""
        clock = thread_time()
        try:
            while side.watched.filled < replicates:
                if cancelled():
                    raise StoppedError
                first = side.watched.filled
                number = min(replicates - first, AT_ONCE)
                simulate_side(side, (first, number), self.base.watched, self.kept, cancelled)
                side.watched.filled = first + number
        finally:
            side.seconds += thread_time() - clock
