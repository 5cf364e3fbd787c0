"""Areas: a name changes nothing but the name, and a set or a variant may lay another side over one."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.scenario.areas import find_sides
from corridor.scenario.faults import FaultsError
from corridor.scenario.scenario import read_scenario
from corridor.simulate.compile import compile_model
from worlds import corridor_world, place, simulate, two_exits

NAMED = [
    {"id": "enclave", "name": "Enclave", "side": "inside"},
    {"id": "abroad", "name": "Abroad", "side": "outside"},
]


def test_named_areas_move_people_as_the_two_that_are_always_there(tmp_path):
    group = {"id": "drivers", "name": "d", "transport": "own", "people_per_vehicle": 4, "leave_rate": 0.2}
    plain = simulate(compile_model(corridor_world(tmp_path / "plain", 24, groups=[group]), ""))
    places = [place("town", "enclave"), place("bridge"), place("city", "abroad", attractiveness=1)]
    case = corridor_world(tmp_path / "named", 24, groups=[group], places=places, areas=NAMED)
    named = simulate(compile_model(case, ""))
    np.testing.assert_array_equal(plain.counts, named.counts)
    assert [c.labels for c in named.columns.counts if c.series == "arrivals/area"] == [("abroad",)]
    assert [c.labels for c in plain.columns.counts if c.series == "arrivals/area"] == [("outside",)]


def test_a_variant_may_turn_an_area_to_the_other_side(tmp_path):
    case = two_exits(tmp_path / "case")
    (tmp_path / "case" / "variants").mkdir()
    text = 'title = "Egypt shut in as well"\n[change.areas.egypt]\nside = "inside"\n'
    (tmp_path / "case" / "variants" / "inside.toml").write_text(text)
    assert find_sides(case.tables["places"], case.tables["areas"])["north"] == "outside"
    with pytest.raises(FaultsError, match="unreachable_place"):  # the north leads nowhere then, and nobody gets out
        read_scenario(tmp_path / "case", "inside")
    sides = find_sides(case.tables["places"], [row for row in case.tables["areas"] if row["id"] != "egypt"])
    assert sides["north"] == ""
