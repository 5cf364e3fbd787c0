"""The page of a forecast: the next days in words, what the newest counts changed, and what of the case was not known."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_one_page import check_numbers, make_world, read_numbers

import corridor as co
from corridor.report.ahead import SHARES, _say_count, _say_range
from corridor.results.drawn import draw_again
from corridor.results.learning import LEARNING, read_learning
from corridor.results.result import Result, open_result
from corridor.words.rounding import round_three
from corridor.words.said import Moment, Said
from corridor.words.writing import write
from worlds import at

HEADER = ("series", "time", "place", "area", "exit", "value", "low", "high", "status", "published")
COUNTS = ((10, 1500), (20, 2600), (30, 3500), (44, 4321))  # hours, people out in all


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[co.Forecast, Path]:
    """Return a forecast as of hour 32 in a world with two exits, and the folder of its run."""
    folder = tmp_path_factory.mktemp("ahead")
    observations = folder / "world" / "observations"
    observations.mkdir(parents=True)
    rows = [("arrivals", at(hour), "", "", "", value, "", "", "stated", at(hour + 1)) for hour, value in COUNTS]
    lines = [",".join(map(str, row)) for row in (HEADER, *rows)]
    (observations / "arrivals.csv").write_text("\n".join(lines) + "\n")
    event = {"id": "later", "time": at(60), "kind": "danger", "target": "town", "value": 1, "label": "Shelling"}
    make_world(folder / "world", events=[event])
    case = co.read(folder / "world")
    return co.forecast(case, at(32), folder / "run", replicates=24, effort=co.Effort(120, 3)), folder / "run"


def report(result: Result, out: Path) -> tuple[str, dict[str, Any]]:
    document = co.Run(result).report(out, quick=True, one_page=True, replace=True)
    return out.read_text(encoding="utf-8"), document


@pytest.mark.slow
def test_the_next_days_lead_the_page(made: tuple[co.Forecast, Path], tmp_path: Path) -> None:
    """How many more come out in a day, by each exit, and who is still inside: those of the run."""
    result = open_result(made[1])
    page, document = report(result, tmp_path / "page.html")
    today = datetime.fromisoformat(at(32))
    assert document["moment"] == at(32)[:16], "today of a forecast is the moment it is made as of"
    (until,) = [write(Moment(datetime.fromisoformat(at(hour)))) for hour in (56,)]
    line, *more = document["page_one"]["lead"]
    assert line.startswith(f"In the next 24 hours, until {until}: ")
    assert not any("72 hours" in said for said in more), "that is after the end"
    numbers = read_numbers(page)
    for scope in ("", "to_north", "to_south"):
        (text,) = numbers[f"arrivals since {at(32)[:16]}", scope, at(56)[:16]]
        taken = result.take("arrivals", *([scope] if scope else []))
        middle, low, high = np.quantile(taken[:, 56] - taken[:, 32], [0.5, 0.05, 0.95])
        assert list(text) == round_three(low, middle, high)
    check_numbers(result, page, today)
    assert page.index("What comes next") < page.index("What is known")


@pytest.mark.slow
def test_the_newest_count_stands_beside_what_was_expected_of_it(made: tuple[co.Forecast, Path], tmp_path: Path) -> None:
    """The last one published by then and no later one; the range of those inside before is what the filter noted."""
    found, folder = made
    newest = found.document["newest"]
    assert [count["value"] for count in newest["counts"]] == [3500]
    _, document = report(open_result(folder), tmp_path / "page.html")
    lead = " ".join(document["page_one"]["lead"])
    assert f"People out by {write(Moment(datetime.fromisoformat(at(30))))}: 3,500 counted, " in lead
    assert "4,321" not in json.dumps(document), "nobody had told of it"
    before = newest["inside_before"]
    assert round_three(before["q05"], before["q50"], before["q95"])[0] in lead
    rests = " ".join(document["page_one"]["parts"]["What this rests on, and how sure it is"])
    assert "Learnt from 3 counts published by" in rests
    assert "fit" not in f"{lead} {rests}"


def test_what_was_noted_is_whole_or_not_read(made: tuple[co.Forecast, Path], tmp_path: Path) -> None:
    """Without the file, with a damaged one, or that of other draws, the page still leads with the next days."""
    shutil.copytree(made[1], tmp_path / "run")
    path, result = tmp_path / "run" / LEARNING, open_result(tmp_path / "run")
    kept = read_learning(result)
    assert kept is not None
    assert {name: kept[name] for name in made[0].document} == json.loads(json.dumps(made[0].document))
    text = path.read_text(encoding="utf-8")
    for damaged in (text[: len(text) // 2], text.replace('"particles": 120', '"particles": 121'), "[]", None):
        path.unlink() if damaged is None else path.write_text(damaged, encoding="utf-8")
        assert read_learning(result) is None
    _, document = report(result, tmp_path / "page.html")
    assert len(document["page_one"]["lead"]) == 1


def test_a_run_that_has_learnt_nothing_has_no_lead(tmp_path: Path) -> None:
    result = make_world(tmp_path / "world")
    page, document = report(result, tmp_path / "page.html")
    assert document["page_one"]["lead"] == []
    assert "What comes next" not in page
    assert "Learnt from no count" in " ".join(document["page_one"]["parts"]["What this rests on, and how sure it is"])


@pytest.mark.parametrize(("value", "words"), [(90, "fewer than expected"), (150, "within what"), (210, "more than")])
def test_a_count_outside_what_was_expected_says_so(tmp_path: Path, value: int, words: str) -> None:
    result = make_world(tmp_path / "world")
    count = {"series": "arrivals", "place": "", "area": "", "exit": "to_north", "time": at(9), "since": None}
    count |= {"value": value, "low": None, "high": None, "q05": 100.0, "q50": 160.0, "q95": 200.0}
    said = write(_say_count(result, count))
    assert words in said
    assert "by to_north" in said
    more = {**count, "value": None, "low": 250.0}
    assert "more than 250 counted, more than expected" in write(_say_count(result, more))
    assert "up to 90 counted, fewer" in write(_say_count(result, {**more, "low": None, "high": 90.0}))
    assert "150 to 300 counted, within" in write(_say_count(result, {**more, "low": 150.0, "high": 300.0}))


@pytest.mark.parametrize("share", sorted(SHARES))
def test_a_range_that_shrank_says_by_which_share(share: float) -> None:
    """The width between the ends of 9 in 10, before and after; a hardly changed one is told as such."""
    before, even = {"q05": 1000.0, "q50": 1500.0, "q95": 2000.0}, np.linspace(-500, 500, 2001) / 0.9
    time = datetime.fromisoformat(at(9))
    assert f"by about {write(Said(f'ahead.share.{share}'))}: from" in write(
        _say_range(before, 1500 + (1 - share) * even, time)
    )
    assert "1.5 times as wide" in write(_say_range(before, 1500 + 1.5 * even, time))
    assert "as wide as it was" in write(_say_range(before, 1300 + 1.01 * even, time))
    assert "as wide as it was" in write(_say_range({"q05": 9.0, "q50": 9.0, "q95": 9.0}, even, time))


def test_something_is_never_written_as_nothing() -> None:
    """A small middle keeps a digit of its own where the range is long; a true nothing stays nothing."""
    assert round_three(1.6, 2.0, 110.0, 0.1) == ["2", "2", "110"]
    assert round_three(0.0, 0.0, 28_000.0) == ["0", "0", "28,000"]
    assert round_three(3.0, 700.0, 52_000.0) == ["1,000", "3", "52,000"]


def test_only_numbers_that_somebody_wrote_are_ranked(made: tuple[co.Forecast, Path]) -> None:
    """Filters move the luck of destinations too; the chart of unknown numbers is of the tables' ranges and events."""
    drawn = draw_again(open_result(made[1]))
    tables = {name.partition("/")[0] for name in drawn.values}
    assert "pull" not in tables
    assert "people" in tables
    assert drawn.fitted <= set(drawn.values)
