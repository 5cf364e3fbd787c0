"""What the screen Compare asks for: the case as written, its variants, stored runs and edits, two to four side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.results.beside import Side, chart_sides, explain_unpaired, take_side
from corridor.results.beside_live import take_watched
from corridor.results.beside_tables import compare_sides
from corridor.results.compare import list_differing
from corridor.results.limits import name_exit_of
from corridor.results.live import STAGES
from corridor.results.result import open_result
from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.scenario.faults import UsageError
from corridor.scenario.variant import Document, list_variants, read_document

if TYPE_CHECKING:
    from corridor.front.live import Live

CASE, EDITS = "case", "edits"
FEWEST, MOST = 2, 4
MOST_RUNS, MOST_BYTES = 50, 1_000_000  # runs that are listed, and the bytes of a manifest that is read for that


def list_runs(beside: Path | None, scenario: str) -> dict[str, dict[str, Any]]:
    """Return by folder name the finished runs of a case in a folder, the newest first; links are not followed."""
    if beside is None or not beside.is_dir():
        return {}
    found = {}
    for folder in beside.iterdir():
        manifest = folder / "manifest.json"
        if folder.is_symlink() or manifest.is_symlink() or not manifest.is_file():
            continue
        about = _read_manifest(manifest)
        if about.get("scenario") == scenario and about.get("state") == "complete" and about.get("keep") == "replicates":
            found[folder.name] = about | {"changed": manifest.stat().st_mtime}
    newest = sorted(found.items(), key=lambda item: -item[1]["changed"])[:MOST_RUNS]
    names = ("variant", "parameters", "replicates", "seed", "parameters_title")
    return {name: {key: about.get(key, "") for key in names} for name, about in newest}


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) and "engine" not in document else {}


class Beside:
    """What can be compared with what in one page: `live` is the case kept in memory, `runs` a folder with its runs."""

    def __init__(self, live: Live, runs: Path | None = None) -> None:
        self.live, self.runs = live, runs
        scenario = live.scenario
        self.parameters = live.case.base.model.parameter_set
        tables = [scenario.rows(table, self.parameters) for table in ("places", "areas")]
        self.inside = [place for place, side in find_sides(*tables).items() if side != OUTSIDE]
        self._opened: dict[str, Side] = {}

    def list_choices(self) -> list[dict[str, Any]]:
        """Return what can be chosen: `name` to ask for it, `kind` (case, variant, run), and what it is called."""
        scenario = self.live.scenario
        found: list[dict[str, Any]] = [{"name": CASE, "kind": "case", "variant": scenario.variant_name}]
        if not scenario.variant_name:
            for variant in list_variants(Path(scenario.folder)):
                found.append({"name": f"variant:{variant}", "kind": "variant", **self._describe_variant(variant)})
        runs = list_runs(self.runs, str(scenario.settings["id"]))
        return found + [{"name": f"run:{name}", "kind": "run", "folder": name, **about} for name, about in runs.items()]

    def _describe_variant(self, variant: str) -> dict[str, Any]:
        title = read_document(Path(self.live.scenario.folder), variant).get("title", "")
        return {"variant": variant, "title": str(title)}

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
        simulated = {name: self._read_edits(name, edits) for name in chosen if not name.startswith("run:")}
        stored = {name: self._open(name) for name in chosen if name.startswith("run:")}
        with ExitStack() as opened:
            answers = {
                name: opened.enter_context(closing(self.live.case.answer(document, stages, cancelled)))
                for name, document in simulated.items()
            }
            for stage in stages if simulated else stages[-1:]:
                sides = dict(stored)
                for name, answer in answers.items():
                    pair = next(answer, None)
                    if pair is None:
                        return
                    ensemble = self.live.case.base.ensemble
                    sides[name] = take_watched(pair.edited, pair.replicates, pair.scenario, ensemble, self.inside)
                yield self._describe([sides[name] for name in chosen], moment, stage == stages[-1])

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
        return edits or {} if name == EDITS else read_document(Path(self.live.scenario.folder), name.partition(":")[2])

    def _open(self, name: str) -> Side:
        """Return a stored run, read once; what its name leads to was looked up in the list before."""
        if name not in self._opened:
            while len(self._opened) >= MOST:
                self._opened.pop(next(iter(self._opened)))
            folder = (self.runs or Path()) / name.partition(":")[2]
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
