"""Events under the real columns of ACLED and UCDP GED."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_tables import ACLED_NEW, ACLED_OAUTH, ACLED_OLD, HAPI_EVENTS, KNOWN, UCDP, write

from corridor.build.event_places import count_by_place
from corridor.build.events import read_events
from corridor.scenario.faults import UsageError

START, END = date(2018, 6, 1), date(2018, 7, 31)


def acled(number: int, day: str = "29 June 2018", precision: int = 1, **more: object) -> dict[str, object]:
    return {
        "event_id_cnty": f"XXX{number}", "event_date": day, "year": 2018, "time_precision": 1, "event_type": "Battles",
        "sub_event_type": "Armed clash", "admin1": "Upper", "location": "North Town", "latitude": 47.01, "longitude": 9.01,
        "geo_precision": precision, "notes": 'Forces said that "3,212 people", among them others, were held; none hurt', "fatalities": 0,
    } | more  # fmt: skip


@pytest.mark.parametrize("columns", [ACLED_OLD, ACLED_NEW, ACLED_OAUTH, [name.upper() for name in ACLED_OLD]])
def test_both_generations_are_read_alike(tmp_path: Path, columns: list[str]) -> None:
    rows = [acled(1), acled(2, "07-Jul-18"), acled(3, "2018-07-31"), acled(4, "2019-01-31"), acled(1)]
    by_name = {name.casefold(): name for name in columns}
    rows = [{by_name[key]: value for key, value in row.items()} for row in rows]
    found = read_events(write(tmp_path / "acled.csv", columns, rows, encoding="utf-8-sig"), START, END)
    assert [event.first_day for event in found.events] == [date(2018, 6, 29), date(2018, 7, 7), date(2018, 7, 31)]
    assert (found.reading.read, found.reading.used) == (5, 3)
    assert set(found.reading.dropped) == {
        "outside the period 2018-06-01 to 2018-07-31",
        "an id that the file has already (the same event again)",
    }
    assert found.events[0].kind == "Battles: Armed clash"


def test_poor_precision_is_spread_over_the_area_and_never_put_on_a_town(tmp_path: Path) -> None:
    rows = [acled(1), acled(2, precision=2), acled(3, precision=3, admin1="Nowhere known"), acled(4, latitude=10)]
    found = read_events(write(tmp_path / "acled.csv", ACLED_NEW, rows), START, END)
    days, reading = count_by_place(found.events, KNOWN, START, END)
    by_place = {day.place: day for day in days}
    assert by_place["north"].events == pytest.approx(1 + 1 / 2 + 1 / 3)
    assert by_place["south"].events == pytest.approx(1 / 2 + 1 / 3)  # of the same area
    assert by_place["east"].events == pytest.approx(1 / 3)
    assert "abroad" not in by_place
    assert by_place["south"].ids == ("XXX2", "XXX3")
    assert by_place["south"].spread
    assert dict(reading.dropped) == {"no place of the case within 15 km": 1}
    assert sum(day.events for day in days) == pytest.approx(reading.used)


def test_ucdp_has_a_range_and_days(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "type_of_violence": 1, "where_prec": 1, "adm_1": "Upper", "latitude": 47.0, "longitude": 9.0, "date_prec": 1,
         "date_start": "2018-06-29 00:00:00.000", "date_end": "2018-06-29 00:00:00.000", "best": 4, "low": 2, "high": 9},
        {"id": 2, "type_of_violence": 3, "where_prec": 4, "adm_1": "Upper", "latitude": 47.0, "longitude": 9.0, "date_prec": 4,
         "date_start": "2018-07-01", "date_end": "2018-07-10", "best": 1, "low": 1, "high": 1},
    ]  # fmt: skip
    found = read_events(write(tmp_path / "ged.csv", UCDP, rows), START, END)
    assert (found.events[0].low, found.events[0].best, found.events[0].high) == (2, 4, 9)
    assert found.events[1].kind == "one-sided violence"
    days, _ = count_by_place(found.events, KNOWN, START, END)
    spread = [day for day in days if day.ids == ("2",)]
    assert len(spread) == 20  # ten days, two places of the area
    assert sum(day.events for day in spread) == pytest.approx(1)


def test_a_week_and_a_month_of_acled_are_spread(tmp_path: Path) -> None:
    rows = [acled(1, time_precision=2), acled(2, time_precision=3)]
    found = read_events(write(tmp_path / "acled.csv", ACLED_NEW, rows), START, END)
    days, _ = count_by_place(found.events, KNOWN, START, END)
    assert sum(day.events for day in days) == pytest.approx(2)
    assert min(day.day for day in days) == date(2018, 6, 1)
    assert max(day.day for day in days) == date(2018, 7, 2)


def test_a_box_cuts(tmp_path: Path) -> None:
    path = write(tmp_path / "acled.csv", ACLED_NEW, [acled(1), acled(2, latitude=50)])
    found = read_events(path, START, END, (8.0, 46.0, 11.0, 48.0))
    assert dict(found.reading.dropped) == {"outside the area": 1}


def test_without_a_position_the_columns_are_told(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.csv", ["event_id_cnty", "event_date"], [{"event_id_cnty": 1, "event_date": "2018-06-29"}]
    )
    with pytest.raises(UsageError, match=r"no column for latitude.*event_date.*--map"):
        read_events(path, START, END)


def hapi(unit: str, kind: str, events: object, **more: object) -> dict[str, object]:
    return {
        "location_code": "XXX", "admin1_code": "XX0", "admin1_name": "Upper", "admin2_code": unit, "admin2_name": unit, "event_type": kind,
        "events": events, "fatalities": 1, "reference_period_start": "2018-06-01", "reference_period_end": "2018-06-30",
    } | more  # fmt: skip


def test_numbers_of_events_by_unit_and_month_are_spread_and_counted_once(tmp_path: Path) -> None:
    rows = [
        hapi("Lower", "political_violence", 60),
        hapi("Lower", "civilian_targeting", 20),
        hapi("Lower", "demonstration", 5),
    ]
    rows += [
        hapi("", "political_violence", 30),
        hapi("XX99", "political_violence", 7, admin1_code="", admin1_name="Far"),
    ]
    rows += [
        hapi("Lower", "political_violence", 0, reference_period_start="2018-07-01", reference_period_end="2018-07-31")
    ]
    found = read_events(write(tmp_path / "hapi.csv", HAPI_EVENTS, rows), START, END, (0, 0, 1, 1))
    days, reading = count_by_place(found.events, KNOWN, START, END)
    by_place = {name: sum(day.events for day in days if day.place == name) for name in ("north", "south", "east")}
    assert by_place == {"east": pytest.approx(60), "north": pytest.approx(15), "south": pytest.approx(15)}
    assert [day.events for day in days if day.place == "east"] == [pytest.approx(2)] * 30
    assert dict(reading.dropped) == {"a unit that holds no place of the case": 1}
    assert found.reading.read == found.reading.used + found.reading.dropped.total() == len(rows)
    assert found.reading.dropped.total() == 3


def test_what_is_no_violence_sets_no_danger(tmp_path: Path) -> None:
    rows = [acled(1), acled(2, event_type="Protests"), acled(3, event_type="Strategic developments")]
    found = read_events(write(tmp_path / "acled.csv", ACLED_OAUTH, rows), START, END)
    assert [event.id for event in found.events] == ["XXX1"]
    assert dict(found.reading.dropped) == {"an event without violence: it sets no danger": 2}


@pytest.mark.parametrize("columns", [ACLED_OAUTH, UCDP])
def test_every_column_is_used_or_told(tmp_path: Path, columns: list[str]) -> None:
    row = dict.fromkeys(columns, "1") | {
        "event_date": "2018-06-29",
        "date_start": "2018-06-29",
        "date_end": "2018-06-29",
    }
    path = write(tmp_path / "x.csv", columns, [{name: row[name] for name in columns}])
    found = read_events(path, START, END)
    (note,) = [note for note in found.reading.notes if note.startswith("columns not used")]
    told = {name.strip('"') for name in note.partition(": ")[2].split(", ")}
    used = {"event_id_cnty", "id", "event_date", "date_start", "date_end", "time_precision", "date_prec", "event_type",
            "sub_event_type", "type_of_violence", "admin1", "admin2", "adm_1", "adm_2", "location", "where_coordinates", "latitude",
            "longitude", "geo_precision", "where_prec", "fatalities", "best", "low", "high"}  # fmt: skip
    assert told | (used & set(columns)) == set(columns)
    assert not told & used
