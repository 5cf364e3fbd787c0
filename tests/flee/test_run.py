"""Runs as a whole: nobody lost, the same bytes, and rules whose effect can be said beforehand."""

from __future__ import annotations

import numpy as np
import pytest
from numba import typeof
from tests.flee.folders import LOCATIONS, ROUTES, SETTINGS, make_folder

from command import call
from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_model
from corridor.results.result import open_result
from corridor.scenario.faults import FaultsError

AGES = "#age,Default\n10,1\n30,2\n70,1\n".replace("#", "")
EXTRAS = {
    "fixed routes": {"simsetting": SETTINGS + "  fixed_routes: True\n  awareness_level: 3\n"},
    "pruned": {"simsetting": SETTINGS + "  pruning_threshold: 2.0\n  awareness_level: 2\n"},
    "ages": {"simsetting": SETTINGS + "  ChildrenAvoidHazards: True\n", "demographics_age": AGES},
    "harvest": {"simsetting": SETTINGS + "  harvest_months: [1]\n"},
    "home": {"simsetting": SETTINGS + "  stay_close_to_home: True\n"},
    "population": {
        "simsetting": SETTINGS.replace("rules:\n  conflict", "rules:\n  take_from_population: True\n  conflict", 1)
        + "  use_pop_for_loc_weight: True\n  movechance_pop_scale_factor: 0.1\n"
    },
    "walkers": {"routes": ROUTES.replace("redirection", "redirection,walk_probability").replace(",0\n", ",0,0.3\n")},
    "fast roads": {"routes": ROUTES.replace("redirection", "redirection,max_move_speed").replace(",0\n", ",0,450\n")},
    "poisson": {
        "simsetting": SETTINGS.replace("rules:\n", "rules:\n  conflict_driven_spawning:\n    spawn_mode: poisson\n", 1)
    },
    "closed place": {"closures": "location,Town,,3,9\ncamp,Far,,0,8\n"},
}


@pytest.mark.slow
@pytest.mark.parametrize("extra", ["plain", *EXTRAS])
@pytest.mark.parametrize("repaired", [False, True])
def test_nobody_is_lost_and_workers_do_not_matter(tmp_path, extra, repaired):
    model = compile_folder(read_folder(make_folder(tmp_path, **EXTRAS.get(extra, {}))), repaired)
    run = run_model(model, 5, seed=3)
    assert (run.at_place.sum(axis=2) + run.on_road == run.created).all()
    assert run.at_place.min() >= 0
    assert run.created[:, -1].min() > 0
    other = run_model(model, 5, seed=3, workers=3)
    assert other.at_place.tobytes() == run.at_place.tobytes()
    assert other.on_road.tobytes() == run.on_road.tobytes()


def test_a_new_seed_gives_other_numbers(tmp_path):
    model = compile_folder(read_folder(make_folder(tmp_path)))
    assert (run_model(model, 1, seed=1).at_place != run_model(model, 1, seed=2).at_place).any()


def test_a_day_covers_up_to_two_full_roads(tmp_path):
    """Each new road of a day gets a full day's speed: 99 + 99 km in one day at 100 km a day, as Flee has it."""
    places = "#n\nA,r,H,0,0,conflict_zone,0,100\nB,r,H,0,1,forwarding_hub,,\nC,r,F,0,2,camp,,9999\n"
    folder = make_folder(
        tmp_path, days=3, locations=places, routes="#r\nA,B,99\nB,C,99\n", closures="#c\n",
        conflicts="#Day,A\n0,1\n1,1\n2,1\n", simsetting="move_rules:\n  max_move_speed: 100\n  camp_movechance: 0\n",
        data_layout="total,total.csv\nC,far.csv\n",
    )  # fmt: skip
    run = run_model(compile_folder(read_folder(folder)), 400, seed=1)
    assert run.at_place[:, 1, 2].sum() > 0


def test_day_0_people_leave_the_capacity_twice(tmp_path):
    model = compile_folder(read_folder(make_folder(tmp_path)))
    assert model.world.state["capacity"][0, 5] == 600 - 40
    assert run_model(model, 1).at_place[0, 0, 5] >= 39


def test_awareness_0_freezes_everybody(tmp_path):
    folder = read_folder(make_folder(tmp_path, simsetting=SETTINGS + "  awareness_level: 0\n"))
    run = run_model(compile_folder(folder), 2)
    assert run.on_road.sum() == 0
    assert run.at_place[:, :, 2:5].sum() == 0


def test_people_on_a_closed_road_turn_back(tmp_path):
    closures = "#c\nlocation,War,,2,-1\n"
    locations = LOCATIONS.replace("Later,North,Home,1,2,conflict_zone,9", "Later,North,Home,1,2,town,")
    conflicts = "#Day,War\n" + "0,1\n" * 12
    folder = make_folder(tmp_path, days=12, locations=locations, conflicts=conflicts, closures=closures)
    run = run_model(compile_folder(read_folder(folder)), 20)
    # nobody walks 80 km in two days at 35 km a day, so all who began from War are there again at the end
    assert run.at_place[:, -1, 0].min() == (run.created[:, -1] - 40).min()


def test_forced_redirection_works_only_when_repaired(tmp_path):
    routes = ROUTES.replace("War,Near,200,0", "Near,War,200,2")
    folder = read_folder(make_folder(tmp_path, routes=routes))
    plain, repaired = (run_model(compile_folder(folder, repaired), 20) for repaired in (False, True))
    assert any("forced redirection" in notice for notice in plain.model.notices)
    assert plain.at_place[:, -1, 2].mean() > 0
    assert repaired.at_place[:, -1, 5].mean() > plain.at_place[:, -1, 5].mean()


def test_no_place_to_leave_from_is_a_fault(tmp_path):
    conflicts = "#Day,War,Later\n" + "".join(f"{d},{int(d < 3)},0\n" for d in range(30))
    folder = read_folder(make_folder(tmp_path, conflicts=conflicts))
    with pytest.raises(FaultsError, match=r"flee\.spawn\.nowhere"):
        compile_folder(folder)


def test_sinks_hold_people_for_good(tmp_path):
    locations = LOCATIONS.replace("population\n", "population,deactivation_probability\n").replace(
        ",600\n", ",600,1.0\n"
    )
    settings = SETTINGS.replace("rules:\n", "rules:\n  camps_are_sinks: True\n", 1) + "  camp_movechance: 0.5\n"
    folder = read_folder(make_folder(tmp_path, locations=locations, simsetting=settings))
    people = run_model(compile_folder(folder, repaired=True), 3).at_place[:, :, 5]
    assert (np.diff(people, axis=1) >= 0).all()


def test_steps_of_recent_distance_that_are_asked_for_are_taken(tmp_path):
    """Also where they are as many as a larger folder has by itself."""
    folder = read_folder(make_folder(tmp_path))
    asked = {steps: compile_folder(folder, recent_steps=steps).choices["recent_steps"] for steps in (12, 30, None)}
    assert asked == {12: 12, 30: 30, None: 512}
    done = call(
        "flee", "run", str(tmp_path), "--replicates", "1", "--recent-steps", "12", "--out", str(tmp_path / "run")
    )
    assert done.code == 0, done.stderr
    assert open_result(tmp_path / "run").manifest["flee"]["recent_steps"] == 12


def test_every_folder_is_run_by_the_same_compiled_program(tmp_path):
    """An array of another layout or kind would be compiled for anew, for half a minute."""
    folders = [read_folder(make_folder(tmp_path / name, days=5, **more)) for name, more in EXTRAS.items()]
    assert len({typeof(compile_folder(folder, repaired=r).world) for folder in folders for r in (False, True)}) == 1
