"""A whole case from made files: it is checked without a fault, says what it rests on, and keeps what a person changed."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from command import call
from made_roads import VALLEY_AREA, World, find_extract, square, valley, write_area

PERIOD = {"start": "2025-03-01", "end": "2025-03-05"}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    area = write_area(tmp_path / "area.geojson", VALLEY_AREA)
    return {"roads": valley().write(tmp_path / "valley.osm.pbf"), "inside": area, **PERIOD}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_a_built_case_has_no_fault_and_runs(files: dict[str, Any], tmp_path: Path) -> None:
    built = co.build(tmp_path / "case", **files)
    assert list(co.check(tmp_path / "case").faults) == []
    assert not built.warnings
    assert len(built.questions) == 5
    run = co.run(co.read(tmp_path / "case"), replicates=2)
    assert run["arrivals"] is not None
    assert "OpenStreetMap" in (tmp_path / "case" / "scenario.toml").read_text(encoding="utf-8")
    assert "ODbL" in (tmp_path / "case" / "README.md").read_text(encoding="utf-8")
    assert "ODbL" in (tmp_path / "case" / "map.svg").read_text(encoding="utf-8")


def test_every_number_has_a_claim_or_says_that_it_is_assumed(files: dict[str, Any], tmp_path: Path) -> None:
    co.build(tmp_path / "case", **files)
    claims = {row["id"]: row for row in read_rows(tmp_path / "case" / "evidence" / "claims.csv")}
    (source,) = read_rows(tmp_path / "case" / "evidence" / "sources.csv")
    assert "ODbL" in source["note"]
    assert "SHA-256" in source["note"]
    for path in (tmp_path / "case").glob("*.csv"):
        for row in read_rows(path):
            assert row.get("claims") in claims or "assumption" in row["note"], (path.name, row)
    assert claims["people_alpha"]["value"] == "4000"


def test_building_again_leaves_everything_as_it_is(files: dict[str, Any], tmp_path: Path) -> None:
    case = tmp_path / "case"
    co.build(case, **files)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    built = co.build(case)
    assert not built.changes
    assert before == {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}


def test_what_a_person_changed_stays(files: dict[str, Any], tmp_path: Path) -> None:
    """Cells, rows, comments, own columns and removed rows; what they left alone follows the newer extract."""
    case = tmp_path / "case"
    co.build(case, **files)
    groups, people, places = (case / name for name in ("groups.csv", "people.csv", "places.csv"))
    groups.write_text(
        groups.read_text().replace("0.005..0.05", "0.02", 1).replace("with_car,", "# asked\nwith_car,", 1)
    )
    text = people.read_text().replace("beta,with_car,", "beta,with_car,", 1).splitlines()
    text = [line for line in text if not line.startswith("gamma,without_car")]
    people.write_text("\n".join([*text, "alpha,guests,25,,my own count"]) + "\n")
    groups.write_text(groups.read_text() + 'guests,"Guests, of the town",own,4,0,0.03,mine\n')
    places.write_text(
        "\n".join(f"{line},{'x_mine' if i == 0 else 'seen'}" for i, line in enumerate(places.read_text().splitlines()))
        + "\n"
    )
    newer = valley()
    for number, (latitude, longitude, tags) in list(newer.points.items()):
        if tags.get("name") == "Beta":
            newer.points[number] = latitude, longitude, {**tags, "population": "9000", "population:date": "2025-02-01"}
    newer.write(Path(files["roads"]), "2025-02-05T00:00:00Z")
    shown = co.build(case, show_only=True)
    mine = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    built = co.build(case)
    assert [one.taken for one in shown.changes] == [one.taken for one in built.changes]
    assert mine[groups] == groups.read_bytes(), "nothing of this table would be built otherwise"
    assert "# asked" in groups.read_text()
    rows = {(row["place"], row["group"]): row for row in read_rows(people)}
    assert rows["beta", "with_car"]["people"] == "5400 ± 25%", "left alone, so it follows"
    assert rows["alpha", "guests"]["people"] == "25"
    assert ("gamma", "without_car") not in rows
    assert all(row["x_mine"] == "seen" for row in read_rows(places))
    told = {one.file: one for one in built.changes}
    assert any("leave_rate" in text and "stands" in text for text in told["groups.csv"].kept)
    assert any("beta with_car, people" in text for text in told["people.csv"].taken)
    assert not [fault for fault in co.check(case).faults if fault.severity == "error"]


def test_both_changed_is_told_and_the_persons_stands(files: dict[str, Any], tmp_path: Path) -> None:
    case = tmp_path / "case"
    co.build(case, **files)
    people = case / "people.csv"
    people.write_text(people.read_text().replace("2400 ± 25%", "1800", 1))
    newer = valley()
    newer.points = {
        n: (a, b, {**t, "population": "6000"} if t.get("name") == "Alpha" else t)
        for n, (a, b, t) in newer.points.items()
    }
    newer.write(Path(files["roads"]))
    built = co.build(case)
    assert read_rows(people)[0]["people"] == "1800"
    (told,) = [text for one in built.changes for text in one.kept if "alpha with_car, people" in text]
    assert "1800" in told
    assert "3600 ± 25%" in told


def test_a_file_a_person_removed_or_broke_is_left(files: dict[str, Any], tmp_path: Path) -> None:
    case = tmp_path / "case"
    co.build(case, **files)
    (case / "fleets.csv").unlink()
    (case / "desks.csv").write_text('id,name\n"open quote,x\n')
    built = co.build(case, smallest="tertiary", end="2025-03-06")
    assert not (case / "fleets.csv").exists()
    assert (case / "desks.csv").read_text() == 'id,name\n"open quote,x\n'
    assert any("cannot be told row by row" in text for one in built.changes for text in one.kept)


def test_a_folder_that_was_not_built_is_not_touched(files: dict[str, Any], tmp_path: Path) -> None:
    co.create(tmp_path / "case")
    with pytest.raises(co.UsageError, match="in use"):
        co.build(tmp_path / "case", **files)


def test_figures_younger_than_the_start_are_told(files: dict[str, Any], tmp_path: Path) -> None:
    built = co.build(tmp_path / "case", **{**files, "start": "2024-06-01", "end": "2024-06-05"})
    assert {one.code for one in built.warnings} == {"dated_data"}
    assert {one.severity for one in built.warnings} == {"warning"}
    assert any("people" in one.found for one in built.warnings)


def test_a_check_goes_on_warning_of_younger_figures_until_somebody_says_why_they_hold(
    files: dict[str, Any], tmp_path: Path
) -> None:
    """What the case keeps is enough: no file that it was built from need be there. Nothing is filled in silence."""
    case = tmp_path / "case"
    table = tmp_path / "people.csv"
    table.write_text("name,people,year\nAlpha,5000,2026\n", encoding="utf-8")
    co.build(case, **{**files, "start": "2024-06-01", "end": "2024-06-05"}, people=table)
    Path(files["roads"]).unlink()
    table.unlink()
    told = co.check(case).faults
    assert {(one.code, one.severity, one.file) for one in told} == {("dated_data", "warning", "evidence/claims.csv")}
    words = " ".join(one.found for one in told)
    assert all(word in words for word in ("people", "geography", "2025-01-05", "2026-01-01"))
    path = case / "evidence" / "claims.csv"
    rows = read_rows(path)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, [*rows[0], "note"])
        writer.writeheader()
        writer.writerows({**row, "note": "nobody has moved since"} for row in rows)
    assert list(co.check(case).faults) == []
    path.write_text(path.read_text(encoding="utf-8").replace("nobody has moved since", ""), encoding="utf-8")
    people = case / "people.csv"
    with people.open("w", encoding="utf-8", newline="") as lines:
        lines.write("place,group,people,note\nalpha,with_car,100..200,assumption\n")
    assert not [one for one in co.check(case).faults if "people" in one.found]


def test_the_command_ends_with_questions_and_the_next_command(files: dict[str, Any], tmp_path: Path) -> None:
    words = [word for name in ("roads", "inside", "start", "end") for word in (f"--{name}", files[name])]
    done = call("build", tmp_path / "case", *words)
    assert done.code == 0, done.stderr
    assert "5. " in done.stdout
    assert "corridor check" in done.stderr
    assert call("check", tmp_path / "case").code == 0
    assert call("build", tmp_path / "case", "--json").code == 0


def test_accounts_add_up_and_name_who_is_left_out(files: dict[str, Any], tmp_path: Path) -> None:
    """Read = used + dropped, and dropped = the sum of its reasons; people of a place left out are told."""
    world = valley()
    world.place("Far", 10.15, 20.1, population="777")
    world.place("Hut", 10.05, 20.1, "hamlet")
    world.place("Beside", 10.06, 20.06, "village")
    world.road(world.point(10.0, 20.0), world.point(10.01, 20.0), access="private")
    world.road(world.point(10.0, 20.05), world.point(10.0, 20.06), highway="track")
    world.write(Path(files["roads"]))
    built = co.build(tmp_path / "case", **files)
    for account in built.accounts:
        first = account.splitlines()[0].replace(",", "")
        read, used, dropped = (int(re.search(rf"{word} (\d+)", first)[1]) for word in ("read", "used", "dropped"))
        assert read == used + dropped
        reasons = first.partition(f"dropped {dropped}")[2]
        assert sum(int(number) for number in re.findall(r"(\d+) [a-z]", reasons)) == dropped
    (warning,) = built.warnings
    assert warning.code == "not_connected"
    assert "777 people" in warning.found
    assert "Far" in (tmp_path / "case" / "map.svg").read_text(encoding="utf-8")
    notes = [row["note"] for row in read_rows(tmp_path / "case" / "roads.csv")]
    assert any("straight" in note for note in notes), "a place beside the road has a way of its own, said to be assumed"


def test_a_ferry_is_a_way_over_water_with_a_service(tmp_path: Path) -> None:
    world = World()
    west, landing = world.point(10.05, 20.02), world.point(10.05, 20.08)
    other, out = world.point(10.05, 20.14), world.point(10.05, 20.3)
    world.road(west, landing)
    world.ferry(landing, other, duration="00:30")
    world.road(other, out)
    for name, longitude in (("A", 20.02), ("B", 20.16), ("C", 20.3)):
        world.place(name, 10.05, longitude)
    roads = world.write(tmp_path / "f.osm.pbf")
    co.build(tmp_path / "case", roads=roads, inside=write_area(tmp_path / "a.geojson", VALLEY_AREA), **PERIOD)
    services = read_rows(tmp_path / "case" / "services.csv")
    assert [row["hours"] for row in services] == ["0.50", "0.50"]
    assert {row["kind"] for row in read_rows(tmp_path / "case" / "roads.csv")} == {"road", "water"}
    assert list(co.check(tmp_path / "case").faults) == []


@pytest.mark.parametrize(
    ("tags", "vehicles", "said", "people"),
    [
        ({"motor_vehicle": "yes"}, True, True, True),
        ({"motorcar": "designated", "foot": "no"}, True, True, False),
        ({"motor_vehicle": "no"}, False, True, True),
        ({"foot": "yes"}, False, False, True),
        ({}, True, False, True),
    ],
)
def test_vehicles_go_over_a_ferry_that_takes_them(
    tmp_path: Path, tags: dict[str, str], vehicles: bool, said: bool, people: bool
) -> None:
    """As many an hour as its departures carry, in the time of a crossing and half the time between departures."""
    world = World()
    landing, other = world.point(10.05, 20.08), world.point(10.05, 20.14)
    world.road(world.point(10.05, 20.02), landing)
    world.ferry(landing, other, duration="00:30", interval="02:00", **tags)
    world.road(other, world.point(10.05, 20.3))
    for name, longitude in (("A", 20.02), ("B", 20.16), ("C", 20.3)):
        world.place(name, 10.05, longitude, population="2000")
    roads, area = world.write(tmp_path / "f.osm.pbf"), write_area(tmp_path / "a.geojson", VALLEY_AREA)
    co.build(tmp_path / "case", roads=roads, inside=area, **PERIOD)
    assert list(co.check(tmp_path / "case").faults) == []
    decks = [row for row in read_rows(tmp_path / "case" / "roads.csv") if row["id"].startswith("vehicles_")]
    assert bool(decks) == vehicles
    assert (tmp_path / "case" / "services.csv").exists() == people
    for row in decks:
        low, high = (float(part) for part in row["capacity_per_lane"].split(".."))
        assert (low, high) == (round(6 * 10 / 24), 12 * 60 / 24)
        slow, fast = (float(row["length_km"]) / float(part) for part in row["speed_kmh"].split(".."))
        assert slow == pytest.approx(0.5 + 2, rel=0.05)
        assert fast == pytest.approx(0.5 + 1, rel=0.05)
        assert ("that it takes vehicles: assumption" in row["note"]) != said
    run = co.run(co.read(tmp_path / "case"), replicates=3)
    driven = run["vehicles_on_road"]
    over = [str(link) for link in driven.link.values if str(link).startswith("vehicles_")]
    assert bool(over) == vehicles
    assert not over or driven.sel(link=over).max() > 0


def test_a_real_extract(tmp_path: Path) -> None:
    area = write_area(tmp_path / "a.geojson", square(9.48, 47.195, 9.60, 47.275))
    co.build(tmp_path / "case", roads=find_extract(), inside=area, start="2015-12-01", end="2015-12-08")
    found = co.check(tmp_path / "case")
    assert not found.errors
    moved = tmp_path / "elsewhere" / "case"
    shutil.copytree(tmp_path / "case", moved)
    assert list(co.check(moved).faults) == list(found.faults)
