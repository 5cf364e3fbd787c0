"""Keep a run of a Flee folder as an ordinary result, so that score, compare and export work on it.

The run's folder holds the scenario that `corridor flee import` would write, its observations counted with the people
of day 0, and flee.json: what the briefing of a Flee run needs beside. Batches that are there already are not run again.
"""

from __future__ import annotations

import hashlib
import json
import platform
import tempfile
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.case import FleeCase
from corridor.flee.convert import name_ids, write_scenario
from corridor.flee.run import FleeRun, check_luck, run_range, tell_each
from corridor.results.crew import hire
from corridor.results.result import Result
from corridor.results.store import FLEE, FORMAT, finish_folder, missing_parts, open_folder, write_part, write_text
from corridor.results.summary import write_summary
from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.version import __version__
from corridor.simulate.behaviour import describe_functions

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.flee.compile import FleeModel
    from corridor.flee.tables import FleeFolder

BATCH = 50


def keep_run(
    folder: FleeFolder,
    model: FleeModel,
    out: Path,
    replicates: int,
    seed: int | tuple[int, ...],
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    cluster: Any = None,
) -> FleeRun:
    """Run a folder into `out`, or take up what is there, and return the run; `seed` as of `run_model`.

    Rules of the user's own are recorded by name and a hash of their source. Raises UsageError where `out` holds
    something else and where a rule's source cannot be found, InterruptedRunError where it cannot be written.
    """
    check_luck(replicates, seed, workers)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "scenario"
        write_scenario(folder, source, since_day0=False)
        scenario = read_scenario(source)
        manifest, made_anew = open_folder(out, _describe(scenario, model, replicates, seed), source)
    _write_case(model, out, int(folder.settings["optimisations.hasten"]))
    parts = missing_parts(out, manifest)
    ids = name_ids(model.place_names)
    sides = find_sides(scenario.tables["places"], scenario.tables["areas"])
    outside = np.array([sides.get(name) == OUTSIDE for name in ids])  # places on no road are not in the scenario
    hasten = int(folder.settings["optimisations.hasten"])
    here = cluster is None
    filling = Filling(model, out, manifest, seed, tuple(ids), outside, tuple(_name_links(model, ids, scenario)), hasten)
    with hire(min(workers, max(1, len(parts))), cluster if parts else None, threads=here) as crew:
        for part, _ in crew.do(partial(filling.fill, progress if here else None), parts):
            tell_each(None if here else progress, _numbers(manifest, part))
    if parts or made_anew or manifest["state"] != "complete":
        manifest |= {"state": "complete"}
        result = Result(out, manifest)
        write_summary(result)
        manifest["conservation_error"] = _check_conservation(result)
        finish_folder(out, manifest)
    return _read_back(Result(out, manifest, made_anew=made_anew), model, ids, hasten)


@dataclass(frozen=True)
class Filling:
    """What whoever fills the parts of a run's folder needs to know."""

    model: FleeModel
    out: Path
    manifest: dict[str, Any]
    seed: int | tuple[int, ...]
    ids: tuple[str, ...]
    outside: np.ndarray
    links: tuple[str, ...]
    hasten: int

    def fill(self, progress: Callable[[int], None] | None, part: int) -> None:
        """Run the replicates of a part and write it."""
        numbers = _numbers(self.manifest, part)
        run = run_range(self.model, numbers, self.seed, progress, by_link=True)
        columns = _columns(run, numbers[0], list(self.ids), self.outside, self.hasten)
        write_part(self.out, part, [columns | _links(run, list(self.links), self.hasten)], self.manifest)


def _numbers(manifest: dict[str, Any], part: int) -> range:
    """Return the numbers of the replicates in a part."""
    return range(part * manifest["batch"], min((part + 1) * manifest["batch"], manifest["replicates"]))


def _write_case(model: FleeModel, out: Path, hasten: int) -> None:
    """Write what a briefing needs and a result does not hold."""
    case = {field.name: getattr(model, field.name) for field in fields(FleeCase)}
    text = json.dumps(case | {"observed": model.observed.tolist(), "hasten": hasten}, ensure_ascii=False)
    write_text(out / FLEE, text + "\n")


def open_kept(result: Result) -> FleeRun | None:
    """Return a kept run as it was run, or nothing where that cannot be told: an older run, or none of a Flee folder."""
    try:
        case = json.loads((result.folder / FLEE).read_text(encoding="utf-8"))
        hasten = int(case.pop("hasten"))
        known = FleeCase(**case | {"observed": np.array(case["observed"], dtype=np.int64)})
        return _read_back(result, known, name_ids(known.place_names), hasten)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _check_conservation(result: Result) -> int:
    """Return the largest difference between people at places and on roads as stored, and those created so far."""
    columns = [column for column in result.columns if column.series == "at_place"]
    everybody = np.sum(list(result.take_columns(columns).values()), axis=0)
    on_roads, created = result.take_totals("on_roads", "created").values()
    return int(np.abs(everybody + on_roads - created).max())


def _describe(scenario: Scenario, model: FleeModel, replicates: int, seed: int | tuple[int, ...]) -> dict[str, Any]:
    settings, seeds = scenario.settings, [seed] if isinstance(seed, int) else list(seed)
    choices = model.choices | ({} if isinstance(seed, int) else {"seeds": seeds})
    if model.rules is not None:
        choices["rules"] = rules = describe_functions(model.rules.given)
        if unknown := [told["function"] for told in rules.values() if not told["sha256"]]:
            message = f"the source of {', '.join(unknown)} cannot be found, so a run by it cannot be told from others"
            raise UsageError(message)
    digest = hashlib.sha256(scenario.hash.encode())
    for array in model.world:
        digest.update(array.tobytes())
    blank = dict.fromkeys(
        ("variant", "parameters", "parameters_title", "known_until", "fitted_until", "fitted_series", "fitted_draws"),
        "",
    )
    return blank | {
        "format": FORMAT, "state": "running", "engine": "flee", "scenario": settings["id"], "title": settings["title"],
        "scenario_hash": digest.hexdigest(), "sensitivity": settings["sensitivity"], "behaviour": {},
        "disclaimer": settings["disclaimer"], "data_date": settings["data_date"].date().isoformat(), "seed": seeds[0],
        "replicates": replicates, "batch": BATCH, "parts": -(-replicates // BATCH), "start": scenario.start.isoformat(),
        "time_zone": settings["time_zone"], "record_hours": 24.0, "moments": model.days, "steps": model.days,
        "corridor": __version__, "python": platform.python_version(), "numpy": np.__version__,
        "processor": platform.machine(), "notices": model.notices, "flee": choices,
        "fitted_stale": False, "keep": "replicates", "quantile_error": 0.0, "seconds": {}, "conservation_error": None,
    }  # fmt: skip


def _columns(run: FleeRun, first: int, ids: list[str], outside: np.ndarray, hasten: int) -> dict[str, np.ndarray]:
    """Return a batch as columns: one row for each replicate and day, in whole people."""
    count, days = run.on_road.shape
    people = run.at_place * hasten
    columns = {
        "replicate": np.repeat(np.arange(first, first + count, dtype=np.int32), days),
        "moment": np.tile(np.arange(days, dtype=np.int32), count),
        "inside": people[:, :, ~outside].sum(axis=2).reshape(-1),
        "on_roads": (run.on_road * hasten).reshape(-1),
        "arrivals": people[:, :, outside].sum(axis=2).reshape(-1),
        "created": (run.created * hasten).reshape(-1),
    }
    columns |= {
        f"at_place:{name}:people": np.ascontiguousarray(people[:, :, i]).reshape(-1) for i, name in enumerate(ids)
    }
    columns |= {f"settled:{name}": columns[f"at_place:{name}:people"] for i, name in enumerate(ids) if outside[i]}
    return columns


def _name_links(model: FleeModel, ids: list[str], scenario: Scenario) -> list[str]:
    """Return the scenario's name of each directed link: its road, and /back against the road's direction.

    A road that ends where it begins has none: its people are counted in the total alone.
    """
    roads: dict[tuple[str, str], list[str]] = {}
    for row in scenario.tables["roads"]:
        roads.setdefault((row.values["from"], row.values["to"]), []).append(row.values["id"])
        roads.setdefault((row.values["to"], row.values["from"]), []).append(f"{row.values['id']}/back")
    links = model.world.links[: model.world.closes.shape[1]]
    return [roads.get((ids[link["start"]], ids[link["end"]]), [""])[0] for link in links]


def _links(run: FleeRun, names: list[str], hasten: int) -> dict[str, np.ndarray]:
    """Return people on each link; parallel roads between two places are counted under the first."""
    columns: dict[str, np.ndarray] = {}
    if run.on_link is not None:
        for i, name in ((i, name) for i, name in enumerate(names) if name):
            people = np.ascontiguousarray(run.on_link[:, :, i]).reshape(-1) * hasten
            columns[f"on_road:{name}"] = columns.get(f"on_road:{name}", 0) + people
    return columns


def _read_back(result: Result, model: FleeCase, ids: list[str], hasten: int) -> FleeRun:
    people = result.take_all("at_place")
    at_place = np.stack([people[name, "people"] for name in ids], axis=2)
    on_road, created = result.take_totals("on_roads", "created").values()
    whole = [(array // hasten).astype(np.int64) for array in (at_place, on_road, created)]
    return FleeRun(model, whole[0], whole[1], whole[2], made_anew=result.made_anew)
