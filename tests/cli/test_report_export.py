"""The commands report and export as a script would call them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from command import call
from corridor.cli.report import write_answers
from corridor.results.result import Result


@pytest.mark.slow
def test_report_answers_six_questions_and_writes_the_page(small_briefing: dict[str, Any]) -> None:
    """One JSON document; the moment asked for is the moment spoken of; page and figures are there."""
    assert small_briefing["moment"] == "2025-03-04T12:00"
    assert "4 March 2025 12:00" in Path(small_briefing["report"]).read_text(encoding="utf-8")
    assert len(small_briefing["answers"]) == 6
    assert "series" in small_briefing["score"]
    assert len(small_briefing["figures"]) >= 9
    assert all(Path(figure).is_file() for figure in small_briefing["figures"])
    lines = write_answers(small_briefing).splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5.", "6."]


@pytest.mark.slow
def test_one_page_is_written_alone_in_the_same_words(small_result: Result, small_briefing: dict[str, Any]) -> None:
    """Text and page say what the whole briefing says; no figure is written; the moment is the one asked for."""
    done = call("report", small_result.folder, "--moment", small_briefing["moment"], "--quick", "--one-page")
    page = (small_result.folder / "one-page.html").read_text(encoding="utf-8")
    assert "Annex" not in page
    assert "4 March 2025 12:00" in page
    for title, lines in small_briefing["page_one"]["parts"].items():
        assert title in done.stdout
        assert all(line in done.stdout for line in lines)
    for row in small_briefing["page_one"]["expected"]["rows"]:
        assert row["label"] in done.stdout
        assert all(cell["text"] in done.stdout for cell in row["cells"] if cell)
    assert done.stdout.splitlines()[0] == small_briefing["run"]


def test_export_gives_the_quantiles_of_the_replicates(small_result: Result) -> None:
    """CSV with the columns promised; values as numpy's."""
    done = call("export", small_result.folder, "arrivals", "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["time", "place", "q05", "q25", "q50", "q75", "q95"]
    assert [row["time"] for row in rows] == [time.isoformat(timespec="minutes") for time in small_result.times]
    values = small_result.take("arrivals")
    for name, q in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
        np.testing.assert_allclose([float(row[name]) for row in rows], np.quantile(values, q, axis=0), rtol=1e-8)


def test_export_of_a_place_and_of_all_places(small_result: Result, tmp_path: Path) -> None:
    """A place gives its groups; without one all come; --out writes a file."""
    done = call("export", small_result.folder, "at_place", "--place", "town", "--json")
    document = json.loads(done.stdout)
    assert {row["place"] for row in document["rows"]} == {
        f"town:{group}" for group in ("families_with_car", "families_without_car", "registered")
    }
    file = tmp_path / "settled.csv"
    assert call("export", small_result.folder, "settled", "--out", file).stdout == ""
    places = {row["place"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))}
    assert places == {"border_town", "capital"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "{run}", "arivals"), r'did you mean "?arrivals'),
        (("export", "{run}", "settled", "--place", "capitol"), r"there are: .*capital"),
        (("export", "{run}", "arrivals", "--csv", "--json"), "one of --csv and --json"),
        (("report", "{run}/replicates"), "holds no run"),
    ],
)
def test_a_misspelt_name_is_not_taken_for_another(small_result: Result, words: tuple[str, ...], said: str) -> None:
    """The message lists what there is and what may have been meant."""
    done = call(*(word.format(run=small_result.folder) for word in words))
    assert done.code == 2
    assert re.search(said, done.stderr)
