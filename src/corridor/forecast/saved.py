"""Particles of a filter in a file beside the run made from them, to be taken up when more counts come (restored.py).

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

from corridor.forecast.cloud import Cloud
from corridor.results.arrays import read_arrays, write_arrays
from corridor.results.store import STATE, identify, read_manifest
from corridor.scenario.counts import Count
from corridor.scenario.faults import UsageError
from corridor.simulate.arrays import Integers
from corridor.simulate.cloning import CELLS, COHORTS, SECOND_AXIS, find_arrays
from corridor.simulate.queues import BEGUN

ABOUT = "about"
LEVEL = 1  # of compression: level 6 takes five times as long and saves a fifth
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
    found: list[tuple[str, Values]] = [(f"luck/{k}", keys) for k, keys in enumerate((*luck.slices, luck.own))]
    found += [("error_scores", cloud.error_scores), ("logs", cloud.logs), ("origins", cloud.origins)]
    found += [("parents", np.array(cloud.parents, dtype=np.int32).reshape(-1, cloud.number))]
    found += [(f"gaps/{i}", gap) for i, (_, gap) in enumerate(cloud.gaps.last.values())]
    for name, values in find_arrays(cloud.state):
        plain = values.swapaxes(0, 1) if name.rpartition(".")[2] in SECOND_AXIS else values
        if name == COHORTS:
            begun = lines.cohorts[:, : int(lines.pool[:, BEGUN].max())]
            found += [(f"cohorts/{part}", begun[part]) for part in begun.dtype.names or ()]
        elif name == CELLS:
            found += _find_filled(lines.cells)
        else:
            found.append((f"state/{name}", plain.view(f"V{plain.itemsize}") if plain.dtype.names else plain))
    for k, (moments, _, first) in enumerate(cut_stretches(cloud.steps, cloud.parents, cloud)):
        found.append((f"tracked/{k}", np.diff(cloud.tracked[moments][:, first], axis=0, prepend=0)))
    return found


def _find_filled(cells: Values) -> list[tuple[str, Values]]:
    """Return how many cells of each replicate hold somebody, which, and what is in them."""
    flat = cells.reshape(len(cells), -1)
    rows, where = np.nonzero((flat["vehicles"] != 0) | (flat["people"] != 0))
    number = np.bincount(rows, minlength=len(cells)).astype(np.int32)
    filled = flat[rows, where]
    return [("cells/number", number), ("cells/where", where.astype(np.int32))] + [
        (f"cells/{part}", filled[part]) for part in cells.dtype.names or ()
    ]


def cut_stretches(
    steps: Sequence[int], parents: Sequence[Integers], cloud: Cloud
) -> list[tuple[slice, Integers, Integers]]:
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
