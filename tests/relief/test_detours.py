"""Convoys keep to the roads that their plan gives them: what a plan that goes round promises is what a run shows."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from corridor.relief.tables import convoy_rows
from corridor.scenario.scenario import Scenario
from corridor.scenario.spreadsheet import write_csv
from relief_world import road
from worlds import at, place, write_world

from .test_hand_solved import one_road, without

MANY = int(os.environ.get("CORRIDOR_WORLDS", "4"))  # worlds of the slow test; 60 were tried
ROUND = [road("quick", "town", "depot", 60, 30, needs_clearance="yes"), road("far", "town", "depot", 90, 30)]


def test_who_goes_round_brings_what_was_promised(tmp_path: Path) -> None:
    """The quickest way needs a clearance that nobody has: the plan goes round by the far one, and so does a run."""
    plan = co.plan(one_road(tmp_path / "w", roads=ROUND), 7.0, period_hours=6.0)
    assert {convoy.roads for convoy in plan.convoys} == {("far",)}
    tried = plan.attempt(1).numbers["items"][0]
    assert tried["person_days_with"]["median"] == pytest.approx(without(plan)["food"], rel=0.001)


def test_a_convoy_waits_on_the_way_it_was_given(tmp_path: Path) -> None:
    """The same convoy, its roads left blank, stands before the quick road to the end: that is what blank means."""
    case = one_road(tmp_path / "w", roads=ROUND)
    plan = co.plan(case, 7.0, period_hours=6.0)
    header, *rows = convoy_rows(plan, "restricted")
    brought = []
    for blank in (False, True):
        cells = [{**dict(zip(header, row, strict=True)), **({"roads": ""} if blank else {})} for row in rows]
        table = write_csv([list(header), *([row[name] for name in header] for row in cells)])
        (case.folder / "convoys.csv").write_text(table, encoding="utf-8")
        run = co.run(co.read(case.folder), None, replicates=1)
        brought.append(float(run["brought_in"].values[0, -1].sum()))
    assert brought[0] == pytest.approx(1000.0 * sum(convoy.loads["food"] for convoy in plan.convoys))
    assert brought[1] == 0.0


def drawn_world(folder: Path, seed: int) -> Scenario:
    """Return towns with several ways from two depots; some need clearances, have slots, or are shut by night."""
    draw = np.random.default_rng([seed, 99])
    towns = ["a", "b", "c"][: int(draw.integers(1, 4))]
    heads = {town: int(draw.integers(3000, 40000)) for town in towns}
    roads = [
        road(f"r{town}{depot}", town, depot, float(draw.integers(20, 120)), float(draw.integers(25, 60)),
             needs_clearance=str(draw.choice(["yes", "no"])))
        for town in towns for depot in ("d1", "d2") if depot == "d1" or town == "a" or draw.random() < 0.6
    ]  # fmt: skip
    guarded = [row["id"] for row in roads if row["needs_clearance"] == "yes"]
    roads += [road(f"x{a}{b}", a, b, float(draw.integers(10, 60)), 30) for a, b in pairwise(towns)]
    tables: dict[str, Any] = {
        "places": [place(town) for town in towns] + [place(d, "outside", attractiveness=1) for d in ("d1", "d2")],
        "roads": roads,
        "groups": [{"id": "g", "name": "All", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0}],
        "people": [{"place": town, "group": "g", "people": heads[town]} for town in towns],
        "items": [{"id": "food", "name": "Food", "tonnes_per_unit": 0.001},
                  {"id": "kits", "name": "Kits", "unit": "kit", "tonnes_per_unit": 0.01, "weight": 1.5}],
        "needs": [{"item": "food", "per_day": 0.5}, {"item": "kits", "per_day": 0.002}],
        "stocks": [{"place": town, "item": item, "quantity": a_day * heads[town] * float(draw.choice([0, 0.5, 1.5]))}
                   for town in towns for item, a_day in (("food", 0.5), ("kits", 0.002))],
        "depots": [{"id": "f1", "place": "d1", "item": "food", "quantity": float(draw.choice([5000, 40000]))},
                   {"id": "m1", "place": "d1", "item": "kits"},
                   {"id": "f2", "place": "d2", "item": "food", "quantity": float(draw.integers(2000, 60000)),
                    "per_day": float(draw.choice([0, 5000]))}],
        "fleets": [{"id": f"l{d[1]}", "place": d, "purpose": "goods", "vehicles": int(draw.integers(1, 5)),
                    "tonnes": float(draw.choice([3, 8, 17])), "handling_hours": int(draw.integers(1, 6))} for d in ("d1", "d2")],
        "clearances": [{"id": f"c{n}", "fleet": str(draw.choice(["l1", "l2", ""])), "road": name,
                        "from": at(float(draw.integers(0, 40))), "until": at(float(draw.integers(60, 168))),
                        "status": str(draw.choice(["granted", "granted", "granted", "refused"])),
                        **({"trucks": int(draw.integers(1, 6))} if draw.random() < 0.6 else {})}
                       for n, name in enumerate(guarded)],
        "slots": [{"id": "s", "road": roads[0]["id"], "convoys_per_day": float(draw.choice([0.5, 1, 3])), "direction": "in",
                   "first_hour": 6, "last_hour": 18}] if draw.random() < 0.4 else [],
        "events": [{"id": f"{mode}{day}", "kind": "direction", "target": roads[0]["id"], "time": at(day * 24 + hour), "mode": mode}
                   for day in range(6) for hour, mode in ((20, "shut"), (30, "normal"))] if draw.random() < 0.5 else [],
    }  # fmt: skip
    return write_world(folder, 168, **{name: rows for name, rows in tables.items() if rows})


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(MANY))
def test_a_promise_by_any_way_is_what_a_run_shows(tmp_path: Path, seed: int) -> None:
    plan = co.plan(drawn_world(tmp_path / "w", seed), 5.0, period_hours=(2.0, 3.0, 6.0)[seed % 3])
    assert len({convoy.id for convoy in plan.convoys}) == len(plan.convoys)
    tried = {row["item"]: row["person_days_with"]["median"] for row in plan.attempt(1).numbers["items"]}
    for item, said in without(plan).items():
        assert tried[item] == pytest.approx(said, rel=0.02, abs=60.0), item
