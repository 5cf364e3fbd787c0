"""The tables of travel: read, left out, overlaid by a variant, by parameter set, with ranges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.scenario.transport import list_transports, load_transports, split_wishes
from corridor.simulate.compile import compile_model
from corridor.simulate.inputs import draw_inputs
from corridor.simulate.luck import plain_luck

SERVICE = (
    "id,transport,from,to,seats,departures_per_day,hours,vehicles\nferry,boat,village,capital,40..60,4..8,2..3,1..2\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    co.create(tmp_path / "case")
    swap(tmp_path / "case" / "groups.csv", "a car,own,", "a car,own boat foot,")
    (tmp_path / "case" / "services.csv").write_text(SERVICE)
    return tmp_path / "case"


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def draw(case, parameter_set: str = "", replicates: int = 50):
    model = compile_model(case, parameter_set)
    return model, draw_inputs(model, plain_luck(1, np.arange(replicates)).own)


def test_the_words_of_a_group_keep_their_order() -> None:
    assert split_wishes(" own  fleet boat ") == ("car", "fleet", "boat")


def test_a_row_replaces_what_is_built_in_and_another_joins_it(folder: Path) -> None:
    (folder / "transport.csv").write_text(
        "id,name,room,speed_kmh,rest_hours,ways\nfoot,,0,3,16,path\nmule,Mules,0,4,8,path\n"
    )
    found = list_transports(co.read(folder).transport)
    assert found.keys() == load_transports().keys() | {"mule"}
    assert found["bus"] == load_transports()["bus"]
    assert (found["foot"].speed_kmh.middle, found["foot"].moving_share, found["foot"].ways) == (3, 1 / 3, ("path",))
    assert found["mule"].is_beside


def test_tables_left_out_are_their_defaults(folder: Path) -> None:
    """A checkpoint without the new columns is the one with their defaults written out; so are roads and groups."""
    before = co.read(folder).hash
    swap(
        folder / "checkpoints.csv",
        "wander_hours",
        "wander_hours,seconds_per_person,foot_lanes,seconds_on_foot,first_hour,last_hour",
    )
    swap(folder / "checkpoints.csv", "0.2,24", "0.2,24,0,1,20,0,24")
    swap(folder / "groups.csv", "leave_rate", "leave_rate,patience_hours")
    swap(folder / "groups.csv", "0.01..0.05", "0.01..0.05,24")
    assert co.read(folder).hash == before


@pytest.mark.parametrize(
    ("old", "new"), [("40..60", "40..61"), ("4..8", "4..9"), ("2..3", "2..3.5"), ("1..2", "1"), ("boat", "train")]
)
def test_every_number_of_a_service_is_part_of_the_case(folder: Path, old: str, new: str) -> None:
    before = co.read(folder).hash
    swap(folder / "services.csv", old, new)
    assert co.read(folder).hash != before


def test_ranges_of_travel_are_drawn_once_for_each_replicate(folder: Path) -> None:
    (folder / "transport.csv").write_text("id,room,speed_kmh,rest_hours,ways\nfoot,0,3..5,12,road\n")
    swap(folder / "groups.csv", "leave_rate", "leave_rate,patience_hours")
    swap(folder / "groups.csv", "0.01..0.05", "0.01..0.05,6..48")
    model, inputs = draw(co.read(folder))
    walked = inputs.speed[:, [name == "foot" for name in model.network.beside]]
    assert (walked == walked[:, :1]).all(), "one speed on all ways"
    for values, low, high in (
        (walked[:, 0] * 2, 3, 5),
        (inputs.patience[:, 0], 6, 48),
        (inputs.service_seats[:, 0], 40, 60),
        (1 / inputs.speed[:, model.services.link[0]], 2, 3),
    ):
        assert len(np.unique(values)) == 50
        assert low <= values.min() < low + 0.2 * (high - low)
        assert high - 0.2 * (high - low) < values.max() <= high
    assert inputs.departures.max() <= 2 * 24 / (2 * (2 + 1))  # of its vehicles
    assert {
        "services/ferry/seats",
        "transport/foot/speed_kmh",
        "groups/families_with_car/patience_hours",
    } <= model.quantities.keys()


def test_a_variant_changes_adds_and_removes_services_and_transports(folder: Path) -> None:
    (folder / "transport.csv").write_text("id,room,speed_kmh,ways\nfoot,0,4,road\n")
    (folder / "variants" / "more.toml").write_text(
        '[change.services.ferry]\nseats = 500\n[change.transport.foot]\nspeed_kmh = 5\n[add.services.flight]\ntransport = "aircraft"\n'
        'from = "town"\nto = "capital"\nseats = 150\ndepartures_per_day = 2\nhours = 1\n'
        '[change.groups.families_without_car]\ntransport = "fleet aircraft"\n'
    )  # fmt: skip
    (folder / "variants" / "none.toml").write_text(
        '[remove]\nservices = ["ferry"]\n[change.groups.families_with_car]\ntransport = "own foot"\n'
    )
    more, _ = draw(co.read(folder, "more"))
    assert more.services.names == ("ferry", "flight")
    assert more.quantities["services/ferry/seats"].middle == 500
    assert more.transports["foot"].speed_kmh.middle == 5
    none, _ = draw(co.read(folder, "none"))
    assert none.services.names == ()
    assert "ferry" not in none.network.links


def test_each_parameter_set_has_its_own_transports_and_services(folder: Path) -> None:
    swap(folder / "scenario.toml", "seed = 1", 'seed = 1\ndefault_set = "a"')
    sets = "".join(f'\n[sets.{name}]\ntitle = "{name}"\nknown_until = 2025-03-01\n' for name in "ab")
    (folder / "scenario.toml").write_text((folder / "scenario.toml").read_text() + sets)
    (folder / "transport.csv").write_text(
        "id,set,room,speed_kmh,rest_hours,ways\nfoot,a,0,3,12,road\nfoot,b,0,5,12,road\n"
    )
    (folder / "services.csv").write_text(
        SERVICE.replace("id,", "id,set,").replace("ferry,", "ferry,a,") + "ferry,b,boat,village,capital,9,9,9,\n"
    )
    case = co.read(folder)
    for name, speed, seats in (("a", 3, 50), ("b", 5, 9)):
        model = compile_model(case, name)
        assert model.transports["foot"].speed_kmh.middle == speed
        assert model.quantities["services/ferry/seats"].median == seats
