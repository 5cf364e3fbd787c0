"""Rules that no published case uses: floods, hunger, listed people, matching, ways to begin, growing camps.

Each is held to a number that can be worked out by hand. The world: people listed at Start may leave over two long
roads of the same length, so nobody arrives and the roads show who chose what.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.folders import make_folder

from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_model, run_range

LISTED, RUNS = 1000, 60
LOCATIONS = """#name,region,country,latitude,longitude,location_type,conflict_date,population
Start,Dry,Home,1,1,town,,
Left,Wet,Home,1,2,town,,
Right,Dry,Home,2,1,town,,
"""
QUIET = "spawn_rules:\n  read_from_agents_csv_file: True\n  insert_day0: False\n" + (
    "  conflict_driven_spawning:\n    spawn_mode: constant\n    displaced_per_conflict_day: 0\n"
)


def make_fork(path, moves, days=3, **files):
    """Write the world of two roads; `moves` are lines of the move rules."""
    contents = {
        "locations": LOCATIONS,
        "routes": "#name1,name2,distance\nStart,Left,9000\nStart,Right,9000\n",
        "closures": "#closure_type,name1,name2,closure_start,closure_end\n",
        "conflicts": "#Day,Start\n" + "".join(f"{day},0\n" for day in range(days)),
        "agents": "location,age\n" + "Start,30\n" * LISTED,
        "data_layout": "total,total.csv\n",
        "total": "2020-01-01,0\n2020-02-01,0\n",
        "simsetting": QUIET + "move_rules:\n  default_movechance: 0.4\n" + moves,
    } | files
    return read_folder(make_folder(path, days=days, **contents))


def count_leavers(folder, repaired=False):
    """Return people at Start and on the roads to Left and to Right, summed over runs, after each day."""
    model = compile_folder(folder, repaired)
    run = run_range(model, range(RUNS), 3, by_link=True)
    ends = model.world.links["end"][: model.links]
    return [run.at_place[:, :, 0].sum(axis=0), *(run.on_link[:, :, ends == end].sum(axis=(0, 2)) for end in (1, 2))]


def assert_share(part, whole, chance):
    """Fail where `part` of `whole` lies more than five standard deviations from its expectation."""
    assert abs(part - whole * chance) < 5.0 * np.sqrt(whole * chance * (1.0 - chance)) + 1e-9


def test_listed_people_begin_where_they_are_listed(tmp_path):
    people = compile_folder(make_fork(tmp_path, "", agents="location,age\n" + "Start,30\n" * 7 + "Right,9\n" * 2))
    run = run_model(people, 3)
    assert (run.created == 9).all()
    assert list(people.world.listed.sum(axis=1)) == [7, 0, 2]


@pytest.mark.parametrize("level", [0, 1, 2])
def test_floods_set_the_chance_to_leave(tmp_path, level):
    moves = "  flood_rules:\n    flood_movechances: [0.0, 0.1, 0.8, 1.0]\n    flood_loc_weights: [1.0, 1.0, 1.0, 1.0]\n"
    floods = "#Day,Start\n" + "".join(f"{day},{level}\n" for day in range(3))
    staying, *_ = count_leavers(make_fork(tmp_path, moves, flood_level=floods))
    chance = (0.4, 0.1, 0.8)[level]
    assert_share(staying[0], RUNS * LISTED, 1.0 - chance)
    assert_share(staying[1], RUNS * LISTED, (1.0 - chance) ** 2)


def test_flooded_places_attract_by_their_weight(tmp_path):
    moves = "  flood_rules:\n    flood_movechances: [0.4, 0.4, 0.4]\n    flood_loc_weights: [1.0, 0.25, 0.1]\n"
    floods = "#Day,Left\n" + "".join(f"{day},1\n" for day in range(3))
    _, left, right = count_leavers(make_fork(tmp_path, moves, flood_level=floods))
    assert_share(left[0], left[0] + right[0], 0.25 / 1.25)


def test_hunger_raises_the_chance_to_leave(tmp_path):
    hunger = "#Day,Dry,Wet\n0,50,0\n9,50,0\n"
    folder = make_fork(tmp_path, "  flee_when_starving: True\n", region_attributes_IPC=hunger)
    staying, *_ = count_leavers(folder)
    assert_share(staying[0], RUNS * LISTED, 1.0 - (0.5 + 0.5 * 0.4))


def test_hungry_places_attract_less_after_the_first_day(tmp_path):
    hunger = "#Day,Dry,Wet\n0,0,60\n9,0,60\n"
    folder = make_fork(tmp_path, "  avoid_food_deprived_locations: True\n", region_attributes_IPC=hunger)
    _, left, right = count_leavers(folder)
    assert_share(left[0], left[0] + right[0], 0.5)
    second = [left[1] - left[0], right[1] - right[0]]
    assert_share(second[0], sum(second), 0.64 / 1.64)


@pytest.mark.parametrize("what", ["Ethnicity", "Religion"])
def test_camps_attract_by_the_share_of_ones_own(tmp_path, what):
    """Left has 300 of the listed people's kind, Right 100: three of four go left."""
    camps = LOCATIONS.replace("Left,Wet,Home,1,2,town,,", "Left,Wet,Home,1,2,camp,,9000").replace(
        "Right,Dry,Home,2,1,town,,", "Right,Dry,Home,2,1,camp,,9000"
    )
    word = what.lower()
    folder = make_fork(
        tmp_path, f"  camp_movechance: 0.0\n  MatchCamp{what}: True\n", locations=camps,
        agents=f"location,{word}\n" + "Start,own\n" * LISTED + "Left,own\n" * 300 + "Right,own\n" * 100 + "Right,other\n" * 300,
        data_layout="total,total.csv\nLeft,near.csv\nRight,far.csv\n", near="2020-01-01,0\n", far="2020-01-01,0\n",
        **{f"demographics_{word}": f"{word},Default,Right\nown,1,1\nother,0,3\n"},
    )  # fmt: skip
    _, left, right = count_leavers(folder, repaired=True)
    assert left[0] / (left[0] + right[0]) == pytest.approx(0.75, abs=0.02)
    _, left, right = count_leavers(folder)
    assert_share(left[0], left[0] + right[0], 0.5)  # off: no effect


def test_constant_spawning_counts_every_zone_by_its_intensity(tmp_path):
    rules = "spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: constant\n    displaced_per_conflict_day: 37\n"
    conflicts = "#Day,War,Later\n" + "".join(f"{d},1,{0.5 * (9 <= d < 20)}\n" for d in range(30))
    created = run_model(compile_folder(read_folder(make_folder(tmp_path, simsetting=rules, conflicts=conflicts))), 2)
    day = np.arange(1, 30)
    expected = 37 + 18 * ((day >= 9) & (day < 20))  # half of 37, cut to whole people
    assert (np.diff(created.created, axis=1) == expected).all()


def test_ratio_spawning_follows_the_population_left(tmp_path):
    rules = (
        "spawn_rules:\n  take_from_population: True\n  conflict_driven_spawning:\n"
        "    spawn_mode: pop_ratio\n    displaced_per_conflict_day: 0.1\n"
    )
    conflicts = "#Day,War\n" + "".join(f"{d},1\n" for d in range(30))
    locations = """#name,region,country,latitude,longitude,location_type,conflict_date,population
War,North,Home,1,1,conflict_zone,0,50000
Near,East,Abroad,3,2,camp,,600
Far,East,Abroad,3,3,camp,,5000
"""
    routes = "#name1,name2,distance\nWar,Near,200\nWar,Far,300\n"
    files = {"simsetting": rules, "conflicts": conflicts, "locations": locations, "routes": routes}
    run = run_model(compile_folder(read_folder(make_folder(tmp_path, **files))), 1)
    left, begun = 50000, []
    for _ in range(30):
        begun.append(int(0.1 * left))
        left -= begun[-1]
    assert (run.created[0] == 40 + np.cumsum(begun)).all()


@pytest.mark.parametrize("growth", [0, 5])
def test_a_camp_grows_by_its_capacity_per_day(tmp_path, growth):
    locations = LOCATIONS.replace("population\n", "population,capacity_per_day\n").replace(
        "Left,Wet,Home,1,2,town,,", f"Left,Wet,Home,1,2,camp,,100,{growth}"
    )
    files = {
        "locations": locations, "routes": "#name1,name2,distance\nStart,Left,50\nStart,Right,9000\n",
        "data_layout": "total,total.csv\nLeft,near.csv\n", "near": "2020-01-01,0\n",
    }  # fmt: skip
    moves = "  camp_movechance: 0.0\n  camp_weight: 1000.0\n"
    folder = make_fork(tmp_path, moves, days=40, **files)
    folder.settings["move_rules.default_movechance"] = 0.02
    model = compile_folder(folder)
    capacity = 100 + growth * np.arange(1, 41)
    assert (model.world.state["capacity"][:, 1] == capacity).all()
    people = run_model(model, 20, seed=2).at_place[:, -1, 1]
    # nobody sets out for a camp with less than half of its last tenth free; a day brings some twenty, at most forty
    assert (people >= 0.95 * capacity[-1] - 40).all()
    assert (people <= 0.95 * capacity[-1] + 40).all()
