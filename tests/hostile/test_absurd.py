"""What can be written and can hardly be is asked about, whatever the numbers; what is sensible is not."""

from __future__ import annotations

import shutil
from math import cos, radians
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.front.cases import check
from corridor.scenario.create import create_scenario
from corridor.scenario.faults import Fault


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("absurd") / "case"
    create_scenario(folder)
    return folder


def ask(template: Path, file: str, old: str, new: str) -> tuple[Fault, ...]:
    """Return the faults of a copy in which something was replaced."""
    folder = template.with_name("copy")
    shutil.copytree(template, folder, dirs_exist_ok=True)
    text = (template / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(folder).faults


def codes(faults: tuple[Fault, ...], file: str) -> set[str]:
    assert all(fault.row for fault in faults), "every question names its row"
    return {fault.code for fault in faults if fault.file == file}


@pytest.mark.slow
@settings(max_examples=40)
@given(latitude=st.floats(-60, 60), longitude=st.floats(-170, 170), kilometres=st.floats(0.1, 1900))
def test_roads_agree_with_the_points_of_their_ends(
    template: Path, latitude: float, longitude: float, kilometres: float
) -> None:
    """A road east along a parallel: the straight line is at most that of the parallel, and near it for short roads."""
    east = longitude + kilometres / 111.2 / cos(radians(latitude))
    if abs(east) > 180:
        return
    rows = f"border_town,Border Town,,reception,outside,{latitude:.6f},{longitude:.6f},1\n"
    capital = f"capital,Capital,,city,outside,{latitude:.6f},{east:.6f},2\n"
    places = (template / "places.csv").read_text()
    old = places[places.index("border_town,") :]
    for factor, code in ((0.3, "road_too_short"), (1.5, ""), (10.0, "road_too_long")):
        copy = template.with_name("road")
        shutil.copytree(template, copy, dirs_exist_ok=True)
        length = max(0.05, kilometres * factor)
        if length > 2000 or (code and kilometres < 20):
            continue
        (copy / "places.csv").write_text(places.replace(old, rows + capital))
        roads = (template / "roads.csv").read_text()
        (copy / "roads.csv").write_text(roads.replace("border_town,capital,65", f"border_town,capital,{length:.3f}"))
        told = {fault.code for fault in check(copy).faults if fault.file == "roads.csv" and fault.row == 6}
        assert told == ({code} if code else set())


@settings(max_examples=20)
@given(whole=st.booleans(), share=st.floats(0.05, 1.0))
def test_a_point_in_whole_degrees_convicts_no_road_that_it_allows(template: Path, whole: bool, share: float) -> None:
    """Two points 2 degrees apart near the equator: in whole degrees each lies within half a degree of what is written."""
    north = "0" if whole else "0.01"
    folder = template.with_name("rough")
    shutil.copytree(template, folder, dirs_exist_ok=True)
    ends = f"here,Here,town,inside,{north},20,\nthere,There,reception,outside,{north},22,1\n"
    (folder / "places.csv").write_text("id,name,kind,area,latitude,longitude,attractiveness\n" + ends)
    length = 2 * 111.2 * share
    road = f"way,here,there,{length:.3f},1,40,800\n"
    (folder / "roads.csv").write_text("id,from,to,length_km,lanes,speed_kmh,capacity_per_lane\n" + road)
    told = {fault.code for fault in check(folder).faults if fault.file == "roads.csv" and fault.row == 2}
    least = 111.2 * 2 - 2 - (2 * 111.2 * 0.5 * 2**0.5 if whole else 0)
    if abs(length - least) > 0.5:
        assert ("road_too_short" in told) == (length < least)


@pytest.mark.slow
@settings(max_examples=30)
@given(st.integers(1, 10**9))
def test_more_people_counted_than_there_are(template: Path, count: int) -> None:
    faults = ask(template, "observations/arrivals.csv", ",1200,", f",{count},")
    told = "count_above_people" in codes(faults, "observations/arrivals.csv")
    assert told or count < 30_000  # 20,000 people within 15 % and up to 3,400 more
    assert not told or count > 26_400


@pytest.mark.slow
@settings(max_examples=30)
@given(st.integers(1, 9_999))
def test_seats(template: Path, seats: int) -> None:
    assert ("many_seats" in codes(ask(template, "fleets.csv", "10..25,40", f"10..25,{seats}"), "fleets.csv")) == (
        seats > 100
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("roads.csv", "bridge,32", "bridge,32000", "out_of_range"),  # metres
        ("roads.csv", "32,1,45", "32,1,300", "out_of_range"),  # no road is that fast
        ("roads.csv", "45,900", "45,3600", "out_of_range"),  # nor carries so many on a lane
        ("checkpoints.csv", "34..70", "0.1", "out_of_range"),
        ("fleets.csv", "10..25,40", "10..25,0", "not_positive"),
        ("places.csv", "inside,10.12,20.05", "inside,20.05,10.12", "swapped_coordinates"),
        ("places.csv", "inside,9.85,19.80", "inside,-9.85,19.80", "place_far_away"),
        ("people.csv", "14000 ± 15%", "14000 ± 15", "wrong_type"),
        ("people.csv", "14000 ± 15%", "-14000", "not_positive"),
        ("people.csv", "town,families_with_car", "capital,families_with_car", "people_outside"),
        ("events.csv", "2025-03-01T06:00", "2052-03-01T06:00", "event_outside_period"),
        ("observations/arrivals.csv", "2025-03-04T08:00", "2025-02-04T08:00", "observation_outside_period"),
        ("observations/arrivals.csv", "2025-03-04T08:00", "2025-03-06T08:00", "counted_later"),
        ("evidence/claims.csv", "2025-03-04,2025-03-04", "2025-03-05,2025-03-04", "after_data_date"),
        ("parameters.csv", "0.02..0.1", "3", "out_of_range"),
        ("parameters.csv", "0.02..0.1", "0.99", "unlikely"),
        ("groups.csv", "own,4.5 (3..6)", "own,45", "unlikely"),
        ("groups.csv", "8,0.01..0.05", "8,5", "unlikely"),  # a rate of a day, written for an hour
        ("roads.csv", "32,1,45", "32,1,1", "unlikely"),
        ("roads.csv", "45,900", "45,9", "unlikely"),  # vehicles a minute
        ("fleets.csv", "10..25", "25000", "unlikely"),  # people, not vehicles
        ("fleets.csv", "4..8", "480", "unlikely"),  # minutes
        ("desks.csv", "400..800", "400000", "unlikely"),
        ("fuel.csv", "5000..15000", "5000000000", "unlikely"),
        ("fuel.csv", "100..400", "0.1", "unlikely"),  # cubic metres
        ("places.csv", "2 (1..4)", "200000", "unlikely"),  # people for a share
        ("services.csv", "# ferry", "ferry", ""),
        (
            "services.csv",
            "# ferry,Ferry to Border Town,boat,town,border_town,120,",
            "ferry,F,boat,town,border_town,12000,",
            "unlikely",
        ),
        (
            "roads.csv",
            "town-bridge",
            "again,town,bridge,32,1,45,900,normal,two lanes through hills\ntown-bridge",
            "said_twice",
        ),
        ("events.csv", "opening,", "more,2025-03-01T06:00,danger,*,,0.1,,Shelling,\nopening,", "said_twice"),
        ("people.csv", "1500..2500", "900000", "many_for_kind"),
        ("people.csv", "1500..2500", "5..2500", "wide_range"),
        ("places.csv", "village,Village", "village,Town", "same_name"),
        ("events.csv", "lanes,bridge_checkpoint,,1..3", "note,,,", ""),
    ],
)
def test_slips_are_told_at_their_row(template: Path, file: str, old: str, new: str, code: str) -> None:
    told = codes(ask(template, file, old, new), file)
    assert (code in told) if code else not told


@pytest.mark.slow
def test_the_shipped_cases_raise_no_question(template: Path, worked_case: Path) -> None:
    assert check(template).faults == ()
    for variant in [None, *sorted(path.stem for path in (worked_case / "variants").glob("*.toml"))]:
        assert {fault.code for fault in check(worked_case, variant).faults} <= {"stale_draws"}
