"""Whole-number outputs of two small worlds, by seed. A change of results is never silent.

golden.json holds a SHA-256 of every whole number recorded, and on which kind of processor it was made: exp and log of
other kinds may differ in the last bit, which can turn a draw. There, and only there, the numbers of people who have
arrived are compared instead, within 2 % of the people.

If this test fails because results were meant to change: say so in CHANGELOG.md under "Changed results", with the
reason, and make the file anew with `CORRIDOR_GOLDEN=write pytest tests/golden`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from corridor.scenario.scenario import read_scenario
from corridor.simulate.compile import compile_model
from worlds import make_model, place, series, simulate

FILE = Path(__file__).parent / "golden.json"
WRITE = os.environ.get("CORRIDOR_GOLDEN") == "write"


def processor():
    """Return the kind of processor as far as it decides how exp and log are computed."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return f"{platform.system()} {platform.machine()}" + (" AVX512" if any("AVX512" in f for f in found) else "")


def build_template(folder):
    with resources.as_file(resources.files("corridor.scenario").joinpath("template")) as template:
        return compile_model(read_scenario(template), "")


def build_network(folder):
    """Return a network in which roads meet and part, one is shut and opened, and two desks register."""
    return make_model(
        folder,
        60,
        parameters={"effect_gone": 1, "departure_wander": 0.3, "choice_spread": 0.2},
        places=[place(name) for name in ("hill", "valley", "fork")]
        + [place(name, "outside", attractiveness=1) for name in ("north", "south")],
        roads=[
            {"id": "a", "from": "hill", "to": "fork", "length_km": 3, "speed_kmh": "20..40"},
            {"id": "b", "from": "valley", "to": "fork", "length_km": 12, "speed_kmh": 40, "capacity_per_lane": 300},
            {"id": "c", "from": "fork", "to": "north", "length_km": 20, "speed_kmh": 50},
            {"id": "d", "from": "fork", "to": "south", "length_km": 30, "speed_kmh": 50},
        ],
        checkpoints=[{"id": "gate", "place": "fork", "lanes": 1, "seconds_per_vehicle": "20..40", "wander": 0.2}],
        desks=[{"id": name, "place": name, "people_per_hour": 300, "wander": 0.1} for name in ("north", "south")],
        groups=[
            {"id": "drivers", "name": "d", "transport": "own", "people_per_vehicle": 4.5, "fuel_litres": 8, "leave_rate": "0.02..0.1"},
            {"id": "riders", "name": "r", "transport": "fleet", "leave_rate": 0.05},
        ],
        people=[{"place": p, "group": g, "people": "3000..5000"} for p in ("hill", "valley") for g in ("drivers", "riders")],
        fleets=[{"id": "buses", "place": "hill", "groups": "riders", "vehicles": 30, "seats": 40, "return_hours": 4}],
        events=[
            {"id": "shut", "time": "2030-01-01T06:00", "kind": "direction", "target": "c", "to": "", "value": "", "mode": "shut"},
            {"id": "open", "time": "2030-01-01T10:00..2030-01-01T16:00", "kind": "direction", "target": "c", "mode": "normal"},
            {"id": "move", "time": "2030-01-01T08:00", "kind": "evacuation", "target": "hill", "to": "south", "value": 500},
        ],
    )  # fmt: skip


WORLDS = {"template": build_template, "network": build_network}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_results_are_those_of_the_last_release(tmp_path, world, seed):
    record = simulate(WORLDS[world](tmp_path), 8, seed)
    people = int(series(record, "inside")[0, 0])
    arrivals = series(record, "arrivals")[:, :: record.counts.shape[1] // 6]
    found = {
        "processor": processor(),
        "sha256": hashlib.sha256(b"".join(array.astype("<i8").tobytes() for array in (record.counts,))).hexdigest(),
        "arrivals": arrivals.tolist(),
    }  # fmt: skip
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    if WRITE:
        entries = sorted({**known, f"{world} {seed}": found}.items())
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries)
        FILE.write_text(f"{{\n{lines}\n}}\n")
        return
    expected = known[f"{world} {seed}"]
    if expected["processor"] == found["processor"]:
        assert found["sha256"] == expected["sha256"], __doc__
    else:
        assert np.abs(arrivals - np.array(expected["arrivals"])).max() <= 0.02 * people, __doc__
