"""Forecasts of people in camps as a researcher asks for them: any table, strictly as of a day, and every mistake in words."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

import corridor as co
from command import call
from flee.folders import make_folder

START = date(2030, 1, 1)
Rows = list[dict[str, Any]]


def make_rows() -> Rows:
    """Return counts of two places every ten days for 200 days, and of one that opens on day 120."""
    rows = []
    for day in range(0, 200, 10):
        when = (START + timedelta(days=day)).isoformat()
        rows.append({"place": "east", "date": when, "people": 1_000 + 40 * day})
        rows.append({"place": "west", "date": when, "people": 8_000 - 10 * day})
        if day >= 120:
            rows.append({"place": "late", "date": when, "people": 50 * day})
    return rows


def write_rows(rows: Rows, path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


AS_OF = "2030-04-11"  # day 100


def tell(made: co.CampForecast) -> dict[str, Any]:
    return {**made.document, "draws": made.draws.tobytes()}


def test_nothing_later_is_read_from_a_table() -> None:
    rows = make_rows()
    later = [row for row in rows if row["date"] > AS_OF]
    made = co.forecast_camps(rows, AS_OF)
    changed = [row if row["date"] <= AS_OF else {**row, "people": 7 * row["people"] + 1} for row in rows]
    cut = [row for row in rows if row not in later]
    corrected = [*rows, {**rows[0], "people": 123, "published": "2030-05-01"}]
    for others in (changed, cut, corrected, list(reversed(rows))):
        assert tell(co.forecast_camps(others, AS_OF)) == tell(made)
    known = [*rows, {**rows[0], "people": 123, "published": "2030-04-11"}]
    assert tell(co.forecast_camps(known, AS_OF)) != tell(made)


def test_nothing_later_is_read_from_a_folder_of_flee(tmp_path: Path) -> None:
    near = "2020-01-01,0\n2020-01-11,500\n2020-01-15,800\n2020-01-20,{}\n2020-02-01,{}\n"
    asked = {"as_of": "2020-01-16", "until": "2020-02-20"}
    made = co.forecast_camps(make_folder(tmp_path / "a", near=near.format(900, 950)), **asked)
    corrections = "Near,2020-01-20,normalize\n"
    later = make_folder(tmp_path / "b", near=near.format(90, 9_000), registration_corrections=corrections)
    assert tell(co.forecast_camps(later, **asked)) == tell(made)
    known = make_folder(
        tmp_path / "c", near=near.format(900, 950), registration_corrections="Near,2020-01-15,normalize\n"
    )
    assert tell(co.forecast_camps(known, **asked)) != tell(made)
    assert made.last == {"Near": 800, "Far": 0}


def test_places_that_open_later_are_not_there() -> None:
    assert co.forecast_camps(make_rows(), AS_OF).places == ("east", "west")
    assert co.forecast_camps(make_rows(), "2030-05-01").places == ("east", "late", "west")


def test_the_last_count_stands_beside() -> None:
    made = co.forecast_camps(make_rows(), "2030-04-15")
    assert made.last == {"east": 5_000, "west": 7_000}
    assert set(made.last_dates.values()) == {date(2030, 4, 11)}
    assert {(row["last"], row["last_date"]) for row in made.rows if not row["place"]} == {(12_000, "2030-04-11")}
    assert "5,000" in made._repr_html_()


def test_tables_of_any_kind_say_the_same(tmp_path: Path) -> None:
    rows = make_rows()
    made = tell(co.forecast_camps(rows, AS_OF))
    renamed = [{"camp": r["place"], "day": r["date"], "count": r["people"], "note": ""} for r in rows]
    columns = {"place": "camp", "date": "day", "people": "count"}
    frame = pandas.DataFrame(rows).assign(date=lambda table: pandas.to_datetime(table["date"]))
    for table in (
        [tuple(row.values()) for row in rows],
        [{**row, "date": datetime.fromisoformat(row["date"])} for row in rows],
        write_rows(rows, tmp_path / "counts.csv"),
        str(tmp_path / "counts.csv"),
        frame,
        frame.set_index(["place", "date"]),
        [*rows, {"place": "east", "date": "2030-04-10", "people": ""}],
    ):
        assert tell(co.forecast_camps(table, AS_OF)) == made
    assert tell(co.forecast_camps(write_rows(renamed, tmp_path / "other.csv"), AS_OF, columns=columns)) == made


def test_known_totals_are_kept_and_move_the_places() -> None:
    totals = [("2030-04-01", 10_000), ("2030-12-31", 40_000)]
    made = co.forecast_camps(make_rows(), AS_OF, totals=totals)
    at = np.interp(
        [d.toordinal() for d in made.dates],
        [date(2030, 4, 1).toordinal(), date(2030, 12, 31).toordinal()],
        [10_000, 40_000],
    )
    np.testing.assert_allclose(made.draws.sum(axis=2), np.broadcast_to(at, made.draws.shape[:2]))
    assert made.document["totals_known"]


def test_the_result_holds_together() -> None:
    made = co.forecast_camps(make_rows(), AS_OF, until="2030-05-20", every=10)
    assert [day.isoformat() for day in made.dates] == ["2030-04-21", "2030-05-01", "2030-05-11", "2030-05-20"]
    assert made.quantiles.shape == (len(made.levels), 4, 2)
    np.testing.assert_allclose(made.sum_places("east", "west"), made.sums)
    with pytest.raises(KeyError, match="north"):
        made.sum_places("north")
    frame = made.to_frame()
    assert len(frame) == 12
    assert str(frame["date"].dtype).startswith("datetime64")
    assert list(frame[frame["place"] == "east"]["q50"]) == np.round(made.median[:, 0]).tolist()
    json.dumps(made.document, allow_nan=False)
    assert made.plot().svg.count("<svg") == 1
    assert made.write().splitlines()[0] == "place,date,last,last_date,q05,q25,q50,q75,q95"


ROWS = make_rows()
MISTAKES: list[tuple[str, object, dict[str, Any]]] = [
    ("is no date", ROWS, {"as_of": "soon"}),
    ("is no date", ROWS, {"as_of": AS_OF, "until": "never"}),
    ("nothing was counted by 2029-12-31: the first count is of 2030-01-01", ROWS, {"as_of": "2029-12-31"}),
    ("nothing was counted after 2030-01-01", ROWS[:2], {"as_of": AS_OF}),
    ("is not known from one day", ROWS, {"as_of": "2030-01-01"}),
    ("is too long after the newest count, of 2030-07-10", ROWS, {"as_of": "2040-01-01"}),
    ("is not after", ROWS, {"as_of": AS_OF, "until": AS_OF}),
    ("reach 4 times what has elapsed, to 2031-05-16", ROWS, {"as_of": AS_OF, "until": "2032-01-01"}),
    ("is later than the first count", ROWS, {"as_of": AS_OF, "since": "2030-02-01"}),
    ("every is a number of days", ROWS, {"as_of": AS_OF, "every": 0}),
    ("the table has no counts", [], {"as_of": AS_OF}),
    ("not int", 3, {"as_of": AS_OF}),
    ("not int", [3], {"as_of": AS_OF}),
    ("nobody had been counted", [("a", "2030-01-01", 0), ("a", "2030-02-01", 0)], {"as_of": AS_OF}),
    ('no column "plaec"', ROWS, {"as_of": AS_OF, "columns": {"plaec": "x"}}),
    ("totals are needed for", ROWS, {"as_of": AS_OF, "totals": [("2030-04-20", 5)]}),
    ("there are none", ROWS, {"as_of": AS_OF, "totals": []}),
]


@pytest.mark.parametrize(
    ("words", "counts", "asked"), MISTAKES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_cannot_be_asked_is_said(words: str, counts: object, asked: dict[str, Any]) -> None:
    with pytest.raises(co.UsageError, match=words):
        co.forecast_camps(counts, **asked)


FAULTS: list[tuple[str, Rows, str]] = [
    ("counts_column", [{"plac": "a", "date": "2030-01-01", "people": 1}], 'did you mean "plac"'),
    ("counts_date", [{"place": "a", "date": "1.5.2030", "people": 1}], "1.5.2030"),
    ("counts_date", [{"place": "a", "date": "0203-05-01", "people": 1}], "0203-05-01"),
    ("counts_date", [{"place": "a", "date": "", "people": 1}], "nothing"),
    ("counts_date", [{"place": "a", "date": "2030-01-01", "people": 1, "published": "later"}], "later"),
    ("counts_people", [{"place": "a", "date": "2030-01-01", "people": -5}], "-5"),
    ("counts_people", [{"place": "a", "date": "2030-01-01", "people": "about 50"}], "about 50"),
    ("counts_people", [{"place": "a", "date": "2030-01-01", "people": float("inf")}], "inf"),
    ("counts_place", [{"place": " ", "date": "2030-01-01", "people": 1}], "an empty cell"),
    ("counts_twice", [{"place": "a", "date": "2030-01-01", "people": n} for n in (1, 2)], "1 in row 1, and 2"),
]


@pytest.mark.parametrize(("code", "rows", "words"), FAULTS, ids=[f"{code}-{words}" for code, _, words in FAULTS])
def test_faults_of_a_table_are_told_with_their_row(code: str, rows: Rows, words: str) -> None:
    with pytest.raises(co.FaultsError) as raised:
        co.forecast_camps(rows, AS_OF)
    assert {fault.code for fault in raised.value.faults} == {code}
    assert words in str(raised.value)


def test_a_count_told_twice_alike_is_one() -> None:
    assert tell(co.forecast_camps([*ROWS, ROWS[0]], AS_OF)) == tell(co.forecast_camps(ROWS, AS_OF))


def test_the_command_answers_in_words_in_json_and_in_a_file(tmp_path: Path) -> None:
    counts = write_rows(ROWS, tmp_path / "counts.csv")
    out = tmp_path / "out.csv"
    done = call("flee", "forecast", counts, "--as-of", AS_OF, "--out", out)
    assert done.code == 0, done.stderr
    assert "last count" in done.stdout
    document = json.loads(call("flee", "forecast", counts, "--as-of", AS_OF, "--json").stdout)
    assert document == co.forecast_camps(counts, AS_OF).document
    with out.open(encoding="utf-8") as file:
        assert [row["q50"] for row in csv.DictReader(file)] == [str(row["q50"]) for row in document["rows"]]
    again = call("flee", "forecast", counts, "--as-of", AS_OF, "--out", out)
    assert again.code == 2
    assert "exists" in again.stderr
    folder = call("flee", "forecast", make_folder(tmp_path / "flee"), "--as-of", "2020-01-20")
    assert folder.code == 0, folder.stderr
    assert "nobody has been counted yet in Far" in folder.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--as-of", "soon"), 2, "is no date"),
        (("--as-of", AS_OF, "--column", "camp"), 2, "place=camp"),
        (("--as-of", AS_OF, "--column", "place=camp"), 3, "a column camp"),
    ],
)
def test_mistakes_on_the_command_line_end_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = call("flee", "forecast", write_rows(ROWS, tmp_path / "counts.csv"), *words)
    assert done.code == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert call("flee", "forecast", tmp_path / "absent.csv", "--as-of", AS_OF).code == 3
