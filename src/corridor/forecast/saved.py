"""Particles of a filter in a file beside the run made from them, taken up again when more counts come.

What a file holds are numbers and one text in JSON, nothing that could be carried out. It is sealed as the arrays of a
run are, keyed with the run. Left out is what is not in use (cells of queues in which nobody is) or follows from the
rest (numbers of the particles from their genealogy).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.forecast.agreement import Gaps
from corridor.forecast.filter import Cloud, Reading, Stage, begin_cloud
from corridor.results.arrays import read_arrays, write_arrays
from corridor.results.store import STATE, identify, read_manifest
from corridor.scenario.counts import Count
from corridor.scenario.faults import UsageError
from corridor.simulate.arrays import Integers
from corridor.simulate.cloning import CELLS, COHORTS, SECOND_AXIS, find_arrays, replace_arrays
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.inputs import draw_inputs
from corridor.simulate.learnt import Learnt, move_scores
from corridor.simulate.luck import Luck
from corridor.simulate.moved import may_move
from corridor.simulate.queues import BEGUN
from corridor.simulate.state import State, count_most_cohorts
from corridor.simulate.uncertain import draw_scores, give_values

ABOUT = "about"
LEVEL = 1  # of compression: higher ones take three times as long and save a tenth
STEPS = 12  # for whose cohorts room is made at once: memory that is not touched costs nothing
BY_EVENT = ("inputs.event_step", "inputs.event_value")  # arrays by event, which newly known ones are added to
Values = NDArray[Any]
Packed = dict[str, Values]


@dataclass(frozen=True)
class Saved:
    """Particles as they were saved: what is said of them, and their arrays, pressed."""

    about: Mapping[str, Any]
    pressed: Mapping[str, Values]

    def take(self, name: str) -> Values:
        """Return an array as it was."""
        kind, shape, turned = self.about["arrays"][name]
        values = np.frombuffer(bytearray(zlib.decompress(self.pressed[name].data)), dtype=kind)
        return values.reshape(shape[::-1]).T if turned else values.reshape(shape)

    def list_counts(self) -> list[str]:
        """Return the texts of the counts that were read."""
        return [text for stage in self.about["stages"] for text, _ in stage["readings"]]


def write_text(count: Count) -> str:
    """Return what was counted and how much, as a text that stands for a count: without where it is known from."""
    thing, margin = count.thing, count.margin
    since = thing.since.isoformat() if thing.since else None
    numbers = (count.value, count.low, count.high, margin.write() if margin else None, count.status)
    return json.dumps([*thing[:4], since, thing.time.isoformat(), *numbers], ensure_ascii=False)


def pack(cloud: Cloud, about: Mapping[str, Any]) -> Packed:
    """Return the particles and what is said of them as arrays for a file; `Saved` and `unpack` undo it."""
    arrays = dict(_gather(cloud))
    pressed, forms = {}, {}
    for name, values in arrays.items():
        turned = values.flags.f_contiguous and not values.flags.c_contiguous
        plain = np.ascontiguousarray(values.T if turned else values)
        forms[name] = (values.dtype.str, values.shape, turned)
        pressed[name] = np.frombuffer(zlib.compress(plain.view(np.uint8).data, LEVEL), dtype=np.uint8)
    text = json.dumps({**about, **_tell(cloud), "arrays": forms}, ensure_ascii=False).encode()
    return {**pressed, ABOUT: np.frombuffer(text, dtype=np.uint8)}


def _gather(cloud: Cloud) -> list[tuple[str, Values]]:
    """Return the arrays that are kept of the particles, by name."""
    luck, lines = cloud.state.luck, cloud.state.queues.lines
    found = [(f"luck/{k}", keys) for k, keys in enumerate((*luck.slices, luck.own))]
    found += [("error_scores", cloud.error_scores), ("logs", cloud.logs), ("origins", cloud.origins)]
    found += [("parents", np.array(cloud.parents, dtype=np.int32).reshape(-1, cloud.number))]
    found += [(f"gaps/{i}", gap) for i, (_, gap) in enumerate(cloud.gaps.last.values())]
    for name, values in find_arrays(cloud.state):
        plain = values.swapaxes(0, 1) if name.rpartition(".")[2] in SECOND_AXIS else values
        if name == COHORTS:
            begun = lines.cohorts[:, : int(lines.pool[:, BEGUN].max())]
            found += [(f"cohorts/{part}", begun[part]) for part in begun.dtype.names]
        elif name == CELLS:
            found += _find_filled(lines.cells)
        else:
            found.append((f"state/{name}", plain.view(f"V{plain.itemsize}") if plain.dtype.names else plain))
    for k, (moments, _, first) in enumerate(_cut(cloud.steps, cloud.parents, cloud)):
        found.append((f"tracked/{k}", np.diff(cloud.tracked[moments][:, first], axis=0, prepend=0)))
    return found


def _find_filled(cells: Values) -> list[tuple[str, Values]]:
    """Return how many cells of each replicate hold somebody, which, and what is in them."""
    flat = cells.reshape(len(cells), -1)
    rows, where = np.nonzero((flat["vehicles"] != 0) | (flat["people"] != 0))
    number = np.bincount(rows, minlength=len(cells)).astype(np.int32)
    filled = flat[rows, where]
    return [("cells/number", number), ("cells/where", where.astype(np.int32))] + [
        (f"cells/{part}", filled[part]) for part in cells.dtype.names
    ]


def _cut(steps: Sequence[int], parents: Sequence[Integers], cloud: Cloud) -> list[tuple[slice, Integers, Integers]]:
    """Return stretches of moments between stages: each with the particles alike in it [N], and the first of these.

    Particles of one ancestor share what was recorded until they went ways of their own.
    """
    every, number = cloud.state.model.clock.record_every, cloud.number
    found, begin = [], 0
    rows = trace(parents, number)
    for k, end in enumerate([*(step // every + 1 for step in steps), cloud.moment + 1]):
        _, first, alike = np.unique(rows[k], return_index=True, return_inverse=True)
        found.append((slice(begin, end), alike, first))
        begin = end
    return found


def trace(parents: Sequence[Integers], number: int) -> list[Integers]:
    """Return from which particle each of the end descends, at the start and after each stage [K + 1][N]."""
    rows = [np.arange(number)]
    for row in reversed(parents):
        rows.append(row[rows[-1]])
    return rows[::-1]


def _tell(cloud: Cloud) -> dict[str, Any]:
    """Return what a text has to say of the particles."""
    relief = cloud.state.relief
    return {
        "seed": cloud.seed,
        "particles": cloud.number,
        "moment": cloud.moment,
        "steps": list(cloud.steps),
        "errors": list(cloud.errors),
        "people": cloud.gaps.people,
        "gaps": [[list(where), hour] for where, (hour, _) in cloud.gaps.last.items()],
        "today": None if relief is None else relief.caravans.passes.today,
        "columns": [column.write() for column in cloud.columns],
        "events": [event.id for event in cloud.state.model.events],
        "stages": [
            {
                "moment": stage.moment,
                "readings": [[write_text(reading.count), list(reading.columns)] for reading in stage.readings],
                "said": stage.said.tolist(),
                "inside": stage.inside.tolist(),
                "measured": [stage.weight, stage.effective, stage.ancestors, stage.resampled],
            }
            for stage in cloud.stages
        ],
    }


def unpack(saved: Saved, ensemble: Ensemble, counts: Mapping[str, Count]) -> Cloud:
    """Return the particles as they were, in a model that may have events later than them which were not known then.

    `counts` holds every count that was read, by its text. What newly known events are uncertain about is given to the
    particles by the genealogy, as a run that passes through their courses gives it.
    """
    about, number = saved.about, int(saved.about["particles"])
    cloud = begin_cloud(ensemble, list(counts.values()), number)
    if [column.write() for column in cloud.columns] != about["columns"]:
        message = "a model that records other columns than the saved one"
        raise AssertionError(message)
    cloud.moment, cloud.steps = about["moment"], list(about["steps"])
    cloud.parents = list(saved.take("parents").astype(np.int64))
    cloud.scores = _follow_scores(cloud)
    cloud.errors, cloud.error_scores = tuple(about["errors"]), saved.take("error_scores")
    cloud.logs, cloud.origins = saved.take("logs"), saved.take("origins")
    gaps = enumerate(about["gaps"])
    cloud.gaps = Gaps(about["people"], {tuple(where): (hour, saved.take(f"gaps/{i}")) for i, (where, hour) in gaps})
    for k, (moments, alike, _) in enumerate(_cut(cloud.steps, cloud.parents, cloud)):
        cloud.tracked[moments] = np.cumsum(saved.take(f"tracked/{k}"), axis=0, dtype=np.int32)[:, alike]
    cloud.stages = [_read_stage(stage, counts) for stage in about["stages"]]
    cloud.state = _put_state(saved, cloud)
    return cloud


def _read_stage(stage: Mapping[str, Any], counts: Mapping[str, Count]) -> Stage:
    readings = tuple(Reading(counts[text], tuple(columns)) for text, columns in stage["readings"])
    said = np.array(stage["said"], dtype=np.float64)
    return Stage(stage["moment"], readings, said, np.array(stage["inside"], dtype=np.float64), *stage["measured"])


def _follow_scores(cloud: Cloud) -> Values:
    """Return the scores of the particles [N, names], moved at each stage."""
    scores = draw_scores(cloud.state.model, cloud.names, cloud.seed, np.arange(cloud.number))
    moving = np.array([may_move(name) for name in cloud.names])
    for k, parents in enumerate(cloud.parents):
        scores = move_scores(scores, parents, moving, cloud.seed, k)
    return scores


def _put_state(saved: Saved, cloud: Cloud) -> State:
    """Return the state with the saved arrays, and what all particles share as it was then."""
    state, model, about = cloud.state, cloud.state.model, saved.about
    keys = [saved.take(f"luck/{k}") for k in range(len(cloud.steps) + 1)]
    luck = Luck(keys[-1], tuple(keys[:-1]), tuple(cloud.steps))
    now = draw_inputs(model, luck.own, give_values(model, cloud.names, cloud.scores))
    known = [[event.id for event in model.events].index(name) for name in about["events"]]
    room = saved.about["arrays"]["cohorts/next"][1][1] + STEPS * count_most_cohorts(model)

    def take(name: str, fresh: Values) -> Values:
        if name in (COHORTS, CELLS):
            return _fill(saved, name, np.zeros((len(fresh), room, *fresh.shape[2:]), dtype=fresh.dtype))
        values = saved.take(f"state/{name}")
        if name in BY_EVENT:
            kept, values = values, getattr(now, name.rpartition(".")[2])
            values[:, known] = kept
        return values.view(fresh.dtype) if fresh.dtype.names else values

    state = replace_arrays(state, take)
    state.luck = luck
    state.eventful = frozenset(state.inputs.event_step.ravel().tolist())
    passage, last = model.passage, cloud.moment * model.clock.record_every - 1
    if len(passage.place) and last >= 0:
        state.barred = passage.find_barred((last + 0.5) * model.clock.step_hours, state.barred.shape[1])
    if state.relief is not None:
        state.relief.caravans.passes.today = about["today"]
        state.relief.caravans.first_step = [int(steps.min()) for steps in state.relief.inputs.departs.T]
    return state


def _fill(saved: Saved, name: str, records: Values) -> Values:
    """Fill the cohorts or cells of queues, so far empty, with those saved, and return them."""
    if name == COHORTS:
        used = records[:, : saved.about["arrays"]["cohorts/next"][1][1]]
        for part in records.dtype.names or ():
            used[part] = saved.take(f"cohorts/{part}")
        return records
    rows, where = np.repeat(np.arange(len(records)), saved.take("cells/number")), saved.take("cells/where")
    for part in records.dtype.names or ():
        records.reshape(len(records), -1)[part][rows, where] = saved.take(f"cells/{part}")
    return records


def save_state(folder: Path, manifest: Mapping[str, Any], packed: Packed) -> None:
    """Write particles beside the run made from them, whole or not at all.

    Raises InterruptedRunError when they cannot be written.
    """
    write_arrays(folder / STATE, packed, identify(manifest))


def load_state(folder: Path) -> Saved:
    """Return the particles beside a run.

    Raises UsageError when there is no run or none are kept beside it, FaultsError when they are not as they were
    written, or of another run.
    """
    manifest, path = read_manifest(folder), folder / STATE
    if not path.exists():
        message = f"{folder} holds a run but no {STATE}: make it with corridor forecast --out"
        raise UsageError(message)
    pressed = read_arrays(path, identify(manifest))
    return Saved(json.loads(pressed[ABOUT].tobytes().decode()), pressed)
