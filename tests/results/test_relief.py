"""Questions about supplies asked of a run, against the recorded columns themselves."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from corridor.forecast.findings import simulate_unaided
from corridor.report.pictures.supplies import draw_relief_cover, draw_relief_gap
from corridor.report.relief import (
    caption_relief,
    describe_cover,
    describe_gap,
    say_relief,
)
from corridor.results.compare import compare_results
from corridor.results.relief import ROAD, describe_relief, read_shelves
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.convoys import without_convoys
from corridor.words.writing import write
from relief_world import convoy, relief_world


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a run of three days: 800 to 1200 kg in the town for 1000 people, nothing known of the village."""
    folder = tmp_path_factory.mktemp("relief")
    stocks = [{"place": "town", "item": "food", "quantity": "800..1200"}]
    case = relief_world(folder / "case", 72, stocks=stocks, convoys=[convoy(hour=40, loads="food=0.5")])
    return run(case, folder / "run", replicates=30, seed=4)


def test_dates_cover_and_gaps_follow_from_the_recorded_stock(result: Result) -> None:
    document = describe_relief(result)
    json.dumps(document, allow_nan=False)
    row = next(row for row in document["items"] if row["place"] == "town")
    stock = result.take("stock", "town", "food")[:, 0]
    # 1000 people use 1000 kg a day: cover in days is the stock in tonnes, and three days need three tonnes
    assert row["cover_days"]["median"] == pytest.approx(float(np.quantile(stock, 0.5, method="nearest")) / 1000)
    assert row["runs_out"]["share"] == 1.0
    first = (datetime.fromisoformat(row["runs_out"]["q05"]) - result.times[0]).total_seconds() / 3600
    assert first == pytest.approx(24 * np.quantile(stock, 0.05, method="nearest") / 1000, abs=0.5)
    without = 3000 - np.quantile(stock, 0.5, method="nearest") - 500
    assert row["person_days_without"]["median"] == pytest.approx(without, abs=1)
    assert row["share_met"]["median"] == pytest.approx(1 - without / 3000, abs=1e-3)
    assert "not a classification" in document["label"]


def test_an_unknown_stock_has_no_date_and_no_gap(result: Result) -> None:
    document = describe_relief(result)
    assert {row["place"] for row in document["items"]} == {"town"}
    assert [(row["place"], row["item"]) for row in document["unknown"]] == [("village", "food")]
    assert [row["place"] for row in document["first"]] == ["town"]
    assert document["convoys"]["brought_in"]["food"]["median"] == 500
    assert all(shelf.place != ROAD for shelf in read_shelves(result))


def test_the_section_pairs_the_run_with_itself_without_convoys(result: Result) -> None:
    moment = result.times[8]
    figures = {
        "relief_cover": describe_cover(result, moment),
        "relief_gap": describe_gap(result, moment, simulate_unaided(result)),
    }
    json.dumps(figures, allow_nan=False)
    (row,) = figures["relief_gap"]["rows"]
    assert row["saved"]["q50"] == pytest.approx(500, abs=1)
    assert row["without_convoys"]["q50"] - row["with_convoys"]["q50"] == pytest.approx(500, abs=1)
    sentences = " ".join(map(write, say_relief(result, figures)))
    assert "food at town" in sentences.lower() or "food at Town" in sentences
    for draw, name in ((draw_relief_cover, "relief_cover"), (draw_relief_gap, "relief_gap")):
        picture = draw(figures[name])
        assert picture.startswith("<svg")
        assert "<title" in picture
    assert all("IPC" in write(caption_relief(figure)[0]) for figure in figures.values())


@pytest.mark.slow
def test_compare_shows_what_a_convoy_changes(result: Result, tmp_path: Path) -> None:
    case = without_convoys(result.scenario, result.times[0])
    other = run(case, tmp_path / "run", replicates=30, seed=4)
    rows = {row["measure"]: row for row in compare_results(result, other)["differences"]}
    gap = rows["person_days_without food at places"]
    assert gap["difference"] == pytest.approx(500, abs=1)
    assert gap["q05"] == pytest.approx(gap["q95"], abs=2)  # the same luck: the difference is the load, in every pair
    assert rows["brought_in food"]["difference"] == -500
