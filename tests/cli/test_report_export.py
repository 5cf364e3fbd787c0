"""The commands report and export as a script would call them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from corridor.cli.export import export
from corridor.cli.report import report, write_answers
from corridor.results.result import Result
from corridor.scenario.faults import UsageError

app = typer.Typer()
app.command("report")(report)
app.command("export")(export)


def call(*words: str) -> tuple[str, str]:
    """Return what a command writes to stdout and to stderr."""
    done = CliRunner().invoke(app, list(words), catch_exceptions=False, standalone_mode=False)
    return done.stdout, done.stderr


def test_report_answers_six_questions_and_writes_the_page(small_result: Result, tmp_path: Path) -> None:
    """One JSON document; the moment asked for is the moment spoken of; page and figures are there."""
    page = tmp_path / "briefing.html"
    out, err = call("report", str(small_result.folder), "--moment", "2025-03-04T12:00", "--out", str(page), "--json")
    document = json.loads(out)
    assert err == ""
    assert document["moment"] == "2025-03-04T12:00"
    assert "4 March 2025 12:00" in page.read_text(encoding="utf-8")
    assert len(document["answers"]) == 6
    assert "series" in document["score"]
    assert len(list((small_result.folder / "figures").glob("*.json"))) == 10
    lines = write_answers(document).splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5.", "6."]


def test_export_gives_the_quantiles_of_the_replicates(small_result: Result) -> None:
    """CSV with the columns promised; values as numpy's."""
    out, _ = call("export", str(small_result.folder), "arrivals", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["time", "place", "q05", "q25", "q50", "q75", "q95"]
    assert [row["time"] for row in rows] == [time.isoformat(timespec="minutes") for time in small_result.times]
    values = small_result.take("arrivals")
    for name, q in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
        np.testing.assert_allclose([float(row[name]) for row in rows], np.quantile(values, q, axis=0), rtol=1e-8)


def test_export_of_a_place_and_of_all_places(small_result: Result, tmp_path: Path) -> None:
    """A place gives its groups; without one all come; --out writes a file."""
    out, _ = call("export", str(small_result.folder), "at_place", "--place", "town", "--json")
    document = json.loads(out)
    assert {row["place"] for row in document["rows"]} == {
        f"town:{group}" for group in ("families_with_car", "families_without_car", "registered")
    }
    file = tmp_path / "settled.csv"
    assert call("export", str(small_result.folder), "settled", "--out", str(file))[0] == ""
    places = {row["place"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))}
    assert places == {"border_town", "capital"}


def test_a_misspelt_name_is_not_taken_for_another(small_result: Result) -> None:
    """The message lists what there is and what may have been meant."""
    with pytest.raises(UsageError, match=r'did you mean "?arrivals'):
        call("export", str(small_result.folder), "arivals")
    with pytest.raises(UsageError, match=r"there are: .*capital"):
        call("export", str(small_result.folder), "settled", "--place", "capitol")
    with pytest.raises(UsageError, match="one of --csv and --json"):
        call("export", str(small_result.folder), "arrivals", "--csv", "--json")
    with pytest.raises(UsageError, match="holds no run"):
        call("report", str(small_result.folder / "figures"))
