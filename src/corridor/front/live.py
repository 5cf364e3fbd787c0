"""What would be if: a case kept in memory that answers changed numbers and events within a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from corridor.front import levers
from corridor.front.runs import Run, open_run
from corridor.results.describe_map import describe_ways
from corridor.results.in_memory import Unstored, join_records, keep_record
from corridor.results.live import STAGES, LiveCase
from corridor.results.live_answer import describe_pair
from corridor.results.moments import choose_moment
from corridor.results.result import Result
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.variant import Document
from corridor.simulate.record import begin_record
from corridor.words.language import choose_language

AT_ONCE_MEASURED = 16  # replicates simulated together while effects are measured: a what-if waits so long at most


class Live:
    """A case compiled once, asked again and again what would be if something in it were otherwise.

    Its first 200 replicates are kept in memory as they are simulated; those of a changed case are simulated beside
    them, with the same luck, from the first moment at which the two can differ.
    """

    def __init__(self, case: LiveCase, effects: Mapping[str, Any] | None = None) -> None:
        self.case, self.effects = case, effects

    @property
    def scenario(self) -> Scenario:
        """Return the case as it was."""
        return self.case.base.scenario

    def answer(
        self, edits: Document, stages: Sequence[int] = STAGES, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[dict[str, Any]]:
        """Simulate the case with edits, and give an answer whenever so many replicates are done (at most 200).

        `edits` are a variant's document, `{"change": {"checkpoints": {"bridge": {"lanes": "3..6"}}}}`; `{}` is the case
        as it was. Replicates are those of `co.run(case.edit(edits), ...)`, bit by bit. `cancelled` is asked every few
        steps; once it says yes nothing more is given. An answer is ready for JSON:

        - `replicates`; `cpu_seconds` of one core for the changed case so far, `base_cpu_seconds` for the case as it was
          (it stays in memory); `times`, the recorded moments, which all lists go by; numbers are whole people.
        - `fans`: for arrivals, inside, on_roads, held_back, waiting_for_transport the points q05, q25, q50, q75, q95.
        - `paired`: for the same the points q05, q50, q95 of the difference (changed less as it was, replicate by
          replicate), and `higher`, the share of replicates in which it is above nothing.
        - `ways`: by link (a road, or ROAD/back) the median `people`, `vehicles` and `delayed` vehicles, which fill a
          queue from its downstream end at `vehicles_per_km` (see `describe_ways`). `places`: the median `people` there
          and `waiting` for transport. What is nothing throughout is left out. Both are medians of the first
          `map_replicates` replicates: fewer than all where the case is so large that memory would not hold more.
        - `exits`: by exit the median `arrivals` and `held_back` with its `causes`, and `gained`: how many people more
          have come out by it in the end [q05, q50, q95]. `(none)` are people for whom no way out is open.
        - `without`: person-days without by the end, by item and by place and item, as `compare` has them; `more` are
          those who go without longer, most first. Empty where no needs are stated.
        - `compare`: at the end of the period, in all, by exit (`of`) and by place, the median `first` (as it was) and
          `second`, their `difference` with `q05` and `q95`, and `share_higher`.

        Raises FaultsError with every fault of the changed case, UsageError for stages that do not grow.
        """
        for pair in self.case.answer(edits, stages, cancelled):
            yield describe_pair(pair)

    def describe_ways(self) -> list[dict[str, Any]]:
        """Return what does not change about each link: ends, kind, length, use, vehicles that fill a kilometre."""
        return describe_ways(self.case.base.scenario, self.case.base.model)

    @cached_property
    def _asked(self) -> Unstored:
        """Return a result of the case without any number in it, for what only asks its names."""
        base = self.case.base
        return keep_record(base.scenario, base.ensemble, begin_record(base.model, 1, 0, 1))

    def list_levers(self, language: str = "en") -> dict[str, Any]:
        """Return what can be moved: `numbers`, `events`, and `kinds` of events that can be added, ready for JSON.

        A number has `id`, and how edits name it: `verb` (`change`, or `add` for a parameter that the case does not
        set), `table`, `row`, `column`; its `text` as the case writes ranges; `who`, `what`, `meaning`, `unit`, `note`,
        `claims` with grades, `low` and `high` (limits; nothing where there is none), `allowed` in words, `is_range`,
        and `is_default`, where nobody wrote it. `effect` is how far its range moves the answer that it moves most, as a
        share of the width of 9 in 10 (see `measure_levers`), `error` its standard error, `moves` what it moves,
        `sentence` in which sentence; nothing where it is not measured. Largest effects first, then ranges and numbers
        that somebody wrote. `corridor.front.levers.shift` moves a text as a whole.

        An event has `id`, `row` (how edits name it), `label`, `kind`, `meaning`, `time`, `value`, `unit`, `mode`,
        `chance`, `target`, `to`, `note`, `claims`, and `changes`, whether it changes anything. To move it change its
        `time`, to switch it off remove its row. Raises UsageError for a language that there is not.
        """
        chosen = choose_language(language)
        numbers, events = (
            levers.list_numbers(self._asked, self.effects, chosen),
            levers.list_events(self._asked, self.effects, chosen),
        )
        return {
            "measured": self.effects is not None,
            "moment": None if self.effects is None else self.effects["moment"],
            "numbers": numbers,
            "events": events,
            "kinds": levers.list_event_kinds(chosen),
        }

    def measure_levers(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[tuple[int, int]]:
        """Measure how far each number moves the answers, a small batch whenever the next is asked for.

        Gives how many of about how many batches are done, so that what-ifs can come between; once all are done,
        `list_levers` ranks by what was found. Ends early, and finds nothing, when `cancelled` says so. The answers are
        those of today as a briefing chooses it; a stored run's kept effects are taken as they are.
        """
        if self.effects is not None:
            return
        from corridor.forecast.effects import ENSEMBLE, measure_in_steps

        base, records = self.case.base, []
        for first in range(0, ENSEMBLE, AT_ONCE_MEASURED):
            if cancelled():
                return
            records.append(base.ensemble.simulate(np.arange(first, min(first + AT_ONCE_MEASURED, ENSEMBLE))))
            yield 0, ENSEMBLE
        whole = join_records(base.scenario, base.ensemble, records)
        steps = measure_in_steps(base.scenario, base.ensemble, whole, choose_moment(whole), AT_ONCE_MEASURED)
        while not cancelled():
            try:
                yield next(steps)
            except StopIteration as end:
                self.effects = end.value
                return


def open_live(case: Scenario | Run | Path | str, parameters: str | None = None, seed: int | None = None) -> Live:
    """Return a case kept in memory that answers what-ifs; compiled code is loaded here, replicates with the answers.

    `case` is one that was read, a run (in memory or stored: its seed, set, variant, edits and behaviour are then the
    base), or the folder of either. `parameters` names a parameter set (the case's default if None), `seed` defaults to
    the case's own. Raises UsageError for an unknown set, for a run with another set or seed asked for, and when the
    folder does not hold any more what was read.
    """
    if isinstance(case, Path | str):
        case = open_run(case) if (Path(case) / "manifest.json").is_file() else read_scenario(case)
    if isinstance(case, Scenario):
        return Live(LiveCase(case, case.choose_set(parameters), seed))
    manifest, rules = case.result.manifest, case.result.rules
    asked = {"parameters": parameters, "seed": seed}
    for name, value in asked.items():
        if value is not None and value != manifest[name]:
            message = f"the run has {name} {manifest[name]!r}, not {value!r}: give the case itself to ask for another"
            raise UsageError(message)
    live = LiveCase(case.result.scenario, manifest["parameters"], int(manifest["seed"]), rules)
    return Live(live, find_kept_effects(case.result))


def find_kept_effects(run: Result) -> Mapping[str, Any] | None:
    """Return the effects that a stored run keeps for the moment of its briefing, None where there are none."""
    from corridor.forecast.effects import read_effects

    return read_effects(run, choose_moment(run))
