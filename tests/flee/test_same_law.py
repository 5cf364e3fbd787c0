"""Counts against one object for each person: the same means and spread, rule by rule.

Flee takes first those who began first, which matters in a camp that fills: counts carry when their people began, and
follow. Recent distance is kept finely in folders as small as these; `benchmarks/flee_persons.py` compares whole published cases with the usual steps.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.crowd import CrowdFlee
from tests.flee.folders import SETTINGS, make_folder
from tests.flee.person import PersonFlee

from corridor.flee import compile, today
from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_model

RUNS, FEW = 70, 50  # few still tell camps with a twentieth more room from the right ones
VARIANTS = {
    "one road ahead": "",
    "two roads ahead": "  awareness_level: 2\n",
    "three roads ahead": "  awareness_level: 3\n  weight_power: 2\n",
    "camps fill": "  capacity_scaling: 0.6\n  capacity_buffer: 0.7\n",
    "softened": "  weight_softening: 0.3\n  distance_power: 1.5\n  softening: 40\n",
}


def run_persons(kind, folder, runs, **options):
    """Return people at each place [run, day, place]."""
    worlds = [kind(folder, seed, **options) for seed in range(runs)]
    return np.array([[world.step() for _ in range(folder.days)] for world in worlds])


def assert_same_law(counted, persons):
    """Fail where means differ by five standard errors, or the last day's spread by more than chance explains."""
    difference = counted.mean(axis=0) - persons.mean(axis=0)
    error = np.sqrt(counted.var(axis=0, ddof=1) / len(counted) + persons.var(axis=0, ddof=1) / len(persons))
    # 26 days x 7 places hang together, so the bound is wide; a wrong rule misses it by far
    assert np.abs(difference / np.maximum(error, 0.5)).max() < 5.0
    spread = counted.std(axis=0)[-1].sum() / persons.std(axis=0, ddof=1)[-1].sum()
    allowed = 1.0 + 4.0 / np.sqrt(2.0 * min(len(counted), len(persons)))
    assert 1 / allowed < spread < allowed


@pytest.mark.parametrize(
    ("variant", "runs"), [("camps fill", FEW), *(pytest.param(v, RUNS, marks=pytest.mark.slow) for v in VARIANTS)]
)
def test_counts_follow_the_law_of_persons(tmp_path, variant, runs):
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    counted = run_model(compile_folder(folder), runs, seed=5).at_place
    assert_same_law(counted, run_persons(CrowdFlee, folder, runs))


@pytest.mark.parametrize(
    "variant", [pytest.param(v, marks=[] if v == "camps fill" else pytest.mark.slow) for v in VARIANTS]
)
@pytest.mark.slow
def test_the_order_of_persons_matters_little(tmp_path, variant):
    """Two per cent of a camp at most, here where all fill in a day; on the published cases far less."""
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    counted = run_model(compile_folder(folder), RUNS, seed=6).at_place[:, :, 5:].mean(axis=0)
    persons = run_persons(CrowdFlee, folder, RUNS)[:, :, 5:].mean(axis=0)
    assert np.abs(counted[-1] / persons[-1] - 1.0).max() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["three roads ahead", "camps fill"])
def test_persons_in_arrays_follow_the_law_of_persons(tmp_path, variant):
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    assert_same_law(run_persons(CrowdFlee, folder, 40), run_persons(PersonFlee, folder, 8))


def test_steps_of_kilometres_taken_for_one_move_few_people(tmp_path, monkeypatch):
    """In a dense network nearly every kilometre matters a little; taken together, no place is 0.3 % of people off."""
    chance = np.random.default_rng(2)
    towns = [f"Town{i}" for i in range(17)]
    kinds = dict.fromkeys(towns, "town") | {"War": "conflict_zone", "Later": "conflict_zone"}
    kinds |= {"Near": "camp", "Far": "camp"}
    places = [f"{name},r,Home,1,{i},{kind},,9000" for i, (name, kind) in enumerate(kinds.items())]
    roads = [f"{a},{b},{chance.integers(20, 90)}" for i, a in enumerate(kinds) for b in list(kinds)[i + 1 : i + 5]]
    files = {"locations": "\n".join(["#name,region,country,lat,lon,location_type,conflict_date,population", *places])}
    files |= {"routes": "\n".join(["#name1,name2,distance", *roads]), "closures": "#type,name1,name2,start,end\n"}
    kept = read_folder(make_folder(tmp_path, days=20, **files))
    merged = compile_folder(kept)
    monkeypatch.setattr(today, "MOST_STEPS", 1_000_000)
    exact = compile_folder(kept)
    assert 3 * count_steps(merged) < count_steps(exact)
    ours, theirs = run_model(merged, FEW, seed=5), run_model(exact, FEW, seed=6)
    difference = ours.at_place.mean(axis=0) - theirs.at_place.mean(axis=0)
    error = np.sqrt((ours.at_place.var(axis=0, ddof=1) + theirs.at_place.var(axis=0, ddof=1)) / FEW)
    allowed = np.maximum(0.003 * theirs.created.mean(axis=0)[:, None], 4.0 * error)
    assert (np.abs(difference) <= np.maximum(allowed, 1.0)).all()


def count_steps(model):
    """Return how many steps of kilometres are kept apart at all places."""
    return sum(len(np.unique(steps)) for epoch in model.world.until for steps in epoch)


def test_deciding_at_the_end_of_the_first_road_leads_where_deciding_before_leads(tmp_path, monkeypatch):
    """Roads close and conflicts begin while people walk, towns are left with a chance, recent distance counts."""
    rules = "  awareness_level: 3\n  default_movechance: 0.4\n  pruning_threshold: 20\n  capacity_scaling: 0.6\n"
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + rules))
    later = compile_folder(folder)
    monkeypatch.setattr(compile, "MOST_KEPT", 0)
    before = compile_folder(folder)
    assert later.world.rules["undecided"] > 0 == before.world.rules["undecided"]
    runs = 100
    ours, theirs = run_model(later, runs, seed=7), run_model(before, runs, seed=8)
    assert ours.conservation_error == 0
    difference = ours.at_place.mean(axis=0) - theirs.at_place.mean(axis=0)
    error = np.sqrt((ours.at_place.var(axis=0, ddof=1) + theirs.at_place.var(axis=0, ddof=1)) / runs)
    apart = difference / np.maximum(error, 0.2)
    assert np.abs(apart).max() < 5.0
    assert np.mean(apart**2) < 2.0


def test_what_people_may_reach_in_a_day_is_what_walks_show(tmp_path):
    """Against every walk of roads tried one by one."""
    model = compile_folder(read_folder(make_folder(tmp_path, days=2)))
    world, places = model.world, len(model.place_names)
    links = world.links[: model.links]
    for place in range(places):
        ahead, reached = [(place, 0.0)], {place}
        while ahead:
            at, km = ahead.pop()
            for link in links[(links["start"] == at) & (links["km"] < links["speed"])]:
                if km < links["speed"].max():
                    reached.add(int(link["end"]))
                    ahead.append((int(link["end"]), km + float(link["km"])))
        assert set(np.flatnonzero(world.reach[0, place] == 2)) == reached
