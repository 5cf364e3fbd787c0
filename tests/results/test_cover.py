"""Days of cover by place and item, against the stock and the need by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corridor.front.page.cover import describe_cover
from corridor.report.cover import MOST_DAYS, describe_cover_now, say_row, share_of
from corridor.report.pictures.cover import draw_cover_now
from corridor.results.result import Result
from corridor.results.run import run
from corridor.words.language import LANGUAGES
from corridor.words.writing import write
from relief_world import relief_world


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return three days of two places of 1000 people who need 1 kg each a day; the village makes what it needs."""
    folder = tmp_path_factory.mktemp("cover")
    stocks = [
        {"place": "town", "item": "food", "quantity": "800..3200"},
        {"place": "village", "item": "food", "quantity": 500, "made_per_day": 1000},
    ]
    items = [{"id": "food", "name": "Food"}, {"id": "salt", "name": "Salt"}]
    needs = [{"item": "food", "per_day": 1}, {"item": "salt", "per_day": 0.01}]
    return run(
        relief_world(folder / "case", 72, stocks=stocks, items=items, needs=needs),
        folder / "run",
        replicates=40,
        seed=4,
    )


@pytest.mark.slow
def test_cover_is_stock_over_need_and_what_is_not_stated_is_not_known(result: Result) -> None:
    figure = describe_cover_now(result, result.times[0])
    cells = {
        (row["place"], item["item"]): cell
        for row in figure["rows"]
        for item, cell in zip(figure["items"], row["cells"], strict=True)
    }
    stock = result.take("stock", "town", "food")[:, 0]
    for name, chance in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
        by_hand = np.quantile(stock, chance, method="nearest") / 1000
        # less than a day of stock: the day after the start is what use is measured over
        assert cells["town", "food"][name] == pytest.approx(by_hand, abs=2e-3)
    assert cells["village", "food"]["q05"] > 90  # as much is made as is needed
    assert {cells[place, "salt"]["state"] for place in ("town", "village")} == {"unknown"}
    assert figure["rows"][0]["place"] == "town"


def test_cover_falls_a_day_a_day(result: Result) -> None:
    days = [describe_cover_now(result, result.times[96 * day])["rows"][0]["cells"][0]["q95"] for day in range(3)]
    assert np.diff(days) == pytest.approx([-1, -1], abs=0.01)


def test_the_picture_holds_every_word_in_every_language(result: Result) -> None:
    figure = describe_cover_now(result, result.times[0])
    for language in LANGUAGES.values():
        picture = draw_cover_now(figure, language)
        part = describe_cover(result, result.times[0], language)
        assert part is not None
        for row in part["rows"]:
            assert all(cell["middle"] in picture and cell["range"] in picture for cell in row["cells"])
            assert row["place"] in picture
        assert "not known" not in " ".join(part["notes"]) or language.is_english
    assert "town: food, days: 2" in write(say_row(figure, figure["rows"][0]))


def test_a_bar_is_never_longer_than_its_frame() -> None:
    for state, full in (("days", MOST_DAYS), ("hours", 24.0)):
        shares = [share_of({"state": state, "q50": value}, "q50") for value in (0.0, full / 2, full, 10 * full)]
        assert shares == [0.0, 0.5, 1.0, 1.0]


def test_what_cannot_be_kept_is_told_in_hours_a_day(tmp_path: Path) -> None:
    """A line gives the town half the power that it needs, at any hour: the need is met 12 hours a day."""
    case = relief_world(
        tmp_path / "case",
        48,
        stocks=[],
        items=[{"id": "power", "name": "Power", "unit": "kWh", "tonnes_per_unit": 0, "kept": "no"}],
        needs=[{"item": "power", "place": "town", "per_day": 2}],
        fleets=[],
        plants=[{"id": "line", "name": "Line", "place": "town", "makes": "power", "most_per_day": 1000}],
    )
    found = run(case, tmp_path / "run", replicates=3, seed=4)
    figure = describe_cover_now(found, found.times[96])
    (item,), (row,) = figure["items"], figure["rows"]
    assert (item, row["place"]) == ({"item": "power", "unit": "hours"}, "town")
    assert row["cells"][0] == {"state": "hours", "q05": 12.0, "q50": 12.0, "q95": 12.0}
    said = describe_cover(found, found.times[96], LANGUAGES["en"])
    assert said is not None
    assert any("24 hours" in note for note in said["notes"])
