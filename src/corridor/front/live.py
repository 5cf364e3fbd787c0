"""What would be if: a case kept in memory that answers changed numbers and events within a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corridor.front.runs import Run, open_run
from corridor.results.describe_map import describe_ways
from corridor.results.live import STAGES, LiveCase
from corridor.results.live_answer import describe_pair
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.variant import Document


class Live:
    """A case compiled once, asked again and again what would be if something in it were otherwise.

    Its first 200 replicates are kept in memory as they are simulated; those of a changed case are simulated beside
    them, with the same luck, from the first moment at which the two can differ.
    """

    def __init__(self, case: LiveCase) -> None:
        self.case = case

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
    return Live(LiveCase(case.result.scenario, manifest["parameters"], int(manifest["seed"]), rules))
