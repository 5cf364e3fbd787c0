"""Wishes, windows and rules of passage: read, left out, overlaid by a variant, by parameter set, with ranges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.scenario.schema import load_fields, table_files
from corridor.simulate.compile import compile_model
from corridor.simulate.inputs import draw_inputs
from corridor.simulate.luck import plain_luck

TABLES = {
    "windows": "id,road,checkpoint,first_hour,last_hour,from,until,chance,transports,groups,agreement,set\n"
    "day,bridge-border,,8,18,2025-03-02,2025-03-06,0.3..0.9,car bus,,of 1 March,\n",
    "passage": "id,checkpoint,group,share,from,until,papers_hours,set\n"
    "men,bridge_checkpoint,families_with_car,0.2..0.6,2025-03-02,2025-03-06,24..72,\n",
    "wishes": "group,place,weight,set\nfamilies_with_car,border_town,2..4,\n",
}
VALUES = [
    ("windows", "8,18", "9,18"), ("windows", "8,18", "8,17"), ("windows", "03-02", "03-03"), ("windows", "03-06", "03-05"),
    ("windows", "0.3..0.9", "0.4..0.9"), ("windows", "car bus,", "car,"), ("windows", "bus,,", "bus,families_with_car,"),
    ("windows", "bridge-border,", "town-bridge,"), ("passage", "0.2..0.6", "0.2..0.7"), ("passage", "24..72", "24..71"),
    ("passage", "03-02", "03-03"), ("passage", "03-06", "03-05"), ("passage", "with_car", "without_car"),
    ("wishes", "2..4", "2..5"), ("wishes", "with_car", "without_car"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    co.create(tmp_path / "case")
    for table, text in TABLES.items():
        (tmp_path / "case" / f"{table}.csv").write_text(text)
    assert list(co.check(tmp_path / "case").faults) == []
    return tmp_path / "case"


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def draw(case, parameter_set: str = "", replicates: int = 50):
    model = compile_model(case, parameter_set)
    return model, draw_inputs(model, plain_luck(1, np.arange(replicates)).own)


@pytest.mark.parametrize(("table", "old", "new"), VALUES)
def test_every_cell_is_part_of_the_case(folder: Path, table: str, old: str, new: str) -> None:
    before = co.read(folder).hash
    swap(folder / f"{table}.csv", old, new)
    assert co.read(folder).hash != before


@pytest.mark.parametrize("table", TABLES)
def test_a_table_may_be_left_out_and_every_column_has_its_line_on_the_page(folder: Path, table: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenario.md").read_text()
    assert table_files()[table] == f"{table}.csv"
    assert table_files()[table] in page
    for name in load_fields()[table]:
        assert f"`{name}`" in page
    (folder / f"{table}.csv").unlink()
    model, _ = draw(co.read(folder))
    assert not any(name.startswith(f"{table}/") for name in model.quantities)


def test_ranges_are_drawn_once_for_each_replicate(folder: Path) -> None:
    model, inputs = draw(co.read(folder))
    held = model.passage.held[0]
    town = list(model.people.origins).index(model.network.places.index("town"))
    passing = 1 - inputs.people[:, town, held] / inputs.people[:, town].sum(
        axis=1, where=[p.group == 0 for p in model.people.parts]
    )
    wish = inputs.wishes[:, sorted(set(model.people.sources)).index("families_with_car")][:, 0]
    drawn = (
        (inputs.window_chance[:, 0], 0.3, 0.9),
        (inputs.papers_hours[:, 0], 24, 72),
        (wish, 2, 4),
        (passing, 0.2, 0.6),
    )
    for values, low, high in drawn:
        assert len(np.unique(values)) > 45
        assert low - 1e-3 <= values.min() < low + 0.2 * (high - low)
        assert high - 0.2 * (high - low) < values.max() <= high + 1e-3


def test_a_variant_changes_adds_and_removes_rows(folder: Path) -> None:
    (folder / "variants" / "more.toml").write_text(
        '[change.windows.day]\nchance = 1\n[change.passage.men]\npapers_hours = 12\n'
        '[change.wishes."families_with_car/border_town"]\nweight = 9\n'
        '[add.windows.night]\nroad = "bridge-border"\nfirst_hour = 20\nlast_hour = 24\n'
    )  # fmt: skip
    (folder / "variants" / "none.toml").write_text('[remove]\nwindows = ["day"]\npassage = ["men"]\n')
    more, inputs = draw(co.read(folder, "more"))
    assert more.windows.names == ("day", "night")
    assert (inputs.window_chance == 1).all()
    assert (inputs.papers_hours == 12).all()
    assert more.quantities["wishes/families_with_car/border_town/weight"].middle == 9
    none, _ = draw(co.read(folder, "none"))
    assert none.windows.names == ()
    assert not any(part.held for part in none.people.parts)


def test_rows_of_a_set_hold_in_it_alone(folder: Path) -> None:
    swap(folder / "scenario.toml", "seed = 1", 'seed = 1\ndefault_set = "a"')
    with (folder / "scenario.toml").open("a") as file:
        for name in "ab":
            file.write(f'\n[sets.{name}]\ntitle = "{name}"\nknown_until = 2025-03-01\n')
    for table, text in TABLES.items():
        (folder / f"{table}.csv").write_text(text.rstrip("\n") + "b\n")
    case = co.read(folder)
    without, _ = draw(case, "a")
    within, _ = draw(case, "b")
    assert (without.windows.names, within.windows.names) == ((), ("day",))
    assert not any(part.held for part in without.people.parts)
    assert any(part.held for part in within.people.parts)
    assert "wishes/families_with_car/border_town/weight" not in without.quantities
