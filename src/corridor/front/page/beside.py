"""What the screen Compare asks for: two to four of the case as written, its variants, stored runs and edits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.results.beside import Side, chart_sides, explain_unpaired, take_side
from corridor.results.beside_live import keep_side, take_watched
from corridor.results.beside_runs import list_runs
from corridor.results.beside_tables import compare_sides
from corridor.results.compare import list_differing
from corridor.results.limits import name_exit_of
from corridor.results.live import STAGES
from corridor.results.result import open_result
from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.scenario.faults import UsageError
from corridor.scenario.variant import EDITS as UNSAVED
from corridor.scenario.variant import Document, list_variants, read_document

if TYPE_CHECKING:
    from corridor.front.live import Live
    from corridor.results.live import Pair

CASE, EDITS, VARIANT, RUN = "case", "edits", "variant:", "run:"
FEWEST, MOST = 2, 4
MOST_KEPT = 60_000_000  # bytes of numbers of a side, kept so that another hour of it can be asked for at once


class Beside:
    """What can be compared with what in one page: `live` is the case kept in memory, `runs` a folder with its runs."""

    def __init__(self, live: Live, runs: Path | None = None) -> None:
        self.live, self.runs = live, runs
        scenario = live.scenario
        self.parameters = live.case.base.model.parameter_set
        tables = [scenario.rows(table, self.parameters) for table in ("places", "areas")]
        self.inside = [place for place, side in find_sides(*tables).items() if side != OUTSIDE]
        self._opened: dict[str, Side] = {}
        self._kept: tuple[Any, list[Side]] = (None, [])

    def list_choices(self) -> list[dict[str, Any]]:
        """Return what can be chosen: `name` to ask for it, `kind` (case, variant, run), and what it is called."""
        scenario = self.live.scenario
        found: list[dict[str, Any]] = [{"name": CASE, "kind": "case", "variant": scenario.variant_name}]
        if not scenario.variant_name:
            found += [self._describe_variant(variant) for variant in list_variants(Path(scenario.folder))]
        runs = list_runs(self.runs, str(scenario.settings["id"]))
        return found + [
            {"name": f"{RUN}{name}", "kind": "run", "folder": name, **about} for name, about in runs.items()
        ]

    def _describe_variant(self, variant: str) -> dict[str, Any]:
        title = read_document(Path(self.live.scenario.folder), variant).get("title", "")
        return {"name": f"{VARIANT}{variant}", "kind": "variant", "variant": variant, "title": str(title)}

    def compare(
        self,
        chosen: Sequence[str],
        edits: Document | None = None,
        moment: str | None = None,
        stages: Sequence[int] = STAGES,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[dict[str, Any]]:
        """Compare what is chosen by name, `edits` under the name "edits", and give an answer after so many replicates.

        Each answer holds `sides` (what each is, its `replicates`, `unpaired`: why it does not pair with the first, and
        `differ`: what they differ in besides), `moment`, the tables of `compare_sides`, and `times` and `charts` of
        `chart_sides`. Raises UsageError for a choice that is none, FaultsError with every fault of a changed case.
        """
        self._require(chosen, edits)
        key = json.dumps([list(chosen), edits if EDITS in chosen else None], sort_keys=True, default=str)
        if self._kept[0] == key:
            yield self._describe(self._kept[1], moment, True)
            return
        for sides, whole in self._simulate(chosen, edits, stages, cancelled):
            yield self._describe(sides, moment, whole)
            if whole:
                kept = [keep_side(side, MOST_KEPT) for side in sides]
                self._kept = (key, [side for side in kept if side]) if all(kept) else (None, [])

    def _simulate(
        self, chosen: Sequence[str], edits: Document | None, stages: Sequence[int], cancelled: Callable[[], bool]
    ) -> Iterator[tuple[list[Side], bool]]:
        """Give the sides whenever all have so many replicates, and whether they are whole then."""
        sides = {name: self._open(name) for name in chosen if name.startswith(RUN)}
        if len(sides) == len(chosen):
            yield [sides[name] for name in chosen], True
            return
        with ExitStack() as opened:
            answers: dict[str, Iterator[Pair]] = {}
            for name in chosen:
                if name not in sides:
                    answers[name] = self.live.case.answer(self._read_edits(name, edits), stages, cancelled)
                    opened.callback(answers[name].close)  # type: ignore[attr-defined]
            for stage in stages:
                for name, answer in answers.items():
                    pair = next(answer, None)
                    if pair is None:
                        return
                    sides[name] = self._take(name, pair)
                yield [sides[name] for name in chosen], stage == stages[-1]

    def _take(self, name: str, pair: Pair) -> Side:
        base = self.live.case.base
        variant = {CASE: base.scenario.variant_name, EDITS: UNSAVED}.get(name, name.removeprefix(VARIANT))
        scenario = base.scenario if name == CASE else pair.scenario
        return take_watched(pair.edited, pair.replicates, scenario, base.ensemble, self.inside, variant)

    def _require(self, chosen: Sequence[str], edits: Document | None) -> None:
        names = [choice["name"] for choice in self.list_choices()] + ([EDITS] if edits else [])
        unknown = [name for name in chosen if name not in names]
        if unknown:
            message = f"{', '.join(map(str, unknown))} cannot be compared; there are: {', '.join(names)}"
            raise UsageError(message)
        if not FEWEST <= len(set(chosen)) == len(chosen) <= MOST:
            message = f"{FEWEST} to {MOST} different things are compared, not {len(chosen)}"
            raise UsageError(message)

    def _read_edits(self, name: str, edits: Document | None) -> Document:
        if name == CASE:
            return {}
        return (
            edits or {} if name == EDITS else read_document(Path(self.live.scenario.folder), name.removeprefix(VARIANT))
        )

    def _open(self, name: str) -> Side:
        """Return a stored run, read once; what its name leads to was looked up in the list before."""
        if name not in self._opened:
            while len(self._opened) >= MOST:
                self._opened.pop(next(iter(self._opened)))
            folder = (self.runs or Path()) / name.removeprefix(RUN)
            self._opened[name] = take_side(open_result(folder), self.inside)
        return self._opened[name]

    def _describe(self, sides: Sequence[Side], moment: str | None, whole: bool) -> dict[str, Any]:
        when = read_moment(moment, sides[0])
        return {
            "whole": whole,
            "moment": when.isoformat(timespec="minutes"),
            "sides": [_describe_side(sides[0], side) for side in sides],
            **compare_sides(sides, when),
            **chart_sides(sides),
            "names": self._name_exits(sides),
        }

    def _name_exits(self, sides: Sequence[Side]) -> dict[str, str]:
        exits = {c.labels[0] for side in sides for c in side.columns if c.series == "arrivals/exit"}
        return {name: name_exit_of(self.live.scenario, self.parameters, name)[0] for name in sorted(exits)}


def read_moment(moment: str | None, side: Side) -> datetime:
    """Return the moment asked for, the end if none is. Raises UsageError for what is no moment of the side."""
    times = side.times
    if not moment:
        return times[-1]
    try:
        asked = datetime.fromisoformat(moment)
        inside = times[0] <= asked <= times[-1]
    except (ValueError, TypeError):
        inside = False
    if not inside:
        message = f"{moment} is no moment between {times[0]:%Y-%m-%dT%H:%M} and {times[-1]:%Y-%m-%dT%H:%M}"
        raise UsageError(message)
    return asked


def _describe_side(first: Side, side: Side) -> dict[str, Any]:
    names = ("variant", "parameters", "replicates", "seed", "corridor")
    about: Mapping[str, Any] = side.about
    return {
        **{name: about.get(name, "") for name in names},
        "unpaired": None if side is first else explain_unpaired(first, side),
        "differ": [] if side is first else list_differing(first.about, about),
    }
