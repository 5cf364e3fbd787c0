"""A night: every case is told of, one that fails stops no other, a kill loses nothing, and changes are what numbers say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.front.night import work
from corridor.front.night.folder import find_before, list_cases, list_earlier, open_night, summary_path, write_document
from corridor.front.night.headline import compare_nights, find_number
from corridor.front.night.seats import Work, work_apart
from corridor.front.night.work import find_newest, work_on_case
from corridor.report.night_page import render_night
from corridor.scenario.writing import locked
from corridor.words.language import LANGUAGES

ASKED = co.Nightly(replicates=10, particles=100, quick=True)


def be_quiet(step: str, seconds: float, outcome: str) -> None:
    """Hear of a step and say nothing."""


def copy_case(case: Path, folder: Path) -> Path:
    shutil.copytree(case, folder)
    return folder


@pytest.fixture(scope="module")
def two_nights(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]], Path]:
    """Return the folder of nights and what two of them said of a case, to which a count was added between them."""
    top = tmp_path_factory.mktemp("nights")
    case = copy_case(short_case, top / "cases" / "town & <b>")
    said = []
    for day in (date(2025, 3, 3), date(2025, 3, 4)):
        night = open_night(top / "out", day, top / "cases", {})
        said.append(work_on_case(case, night, ASKED, be_quiet))
        write_document(summary_path(night, case.name), said[-1])
        (case / "counts").mkdir(exist_ok=True)
        (case / "counts" / "new.csv").write_text("day,people\n2025-03-03,300\n")
        (case / "counts" / "columns.toml").write_text('[source]\npublisher = "Delta"\npublished = "2025-03-04"\n')
    return top / "out", said, case


def test_what_is_kept_of_a_night_is_what_its_run_holds(two_nights: tuple[Path, list[dict[str, Any]], Path]) -> None:
    out, said, _ = two_nights
    for day, summary in zip(("2025-03-03", "2025-03-04"), said, strict=True):
        assert (summary["state"], summary["kind"], summary["replicates"]) == ("done", "forecast", 10)
        page = out / day / summary["report"]
        run = co.open_run(page.parent)
        assert run.manifest["seed"] == summary["seed"]
        kept = [one for one in summary["headline"] if one["quantity"] != "first_out"]
        assert {one["quantity"] for one in kept} == {"arrivals", "inside", "on_roads"}
        for one in kept:
            place = run.times.index(datetime.fromisoformat(one["time"])) if one["time"].endswith(":00") else None
            if place is not None:
                values = np.quantile(run.take(one["quantity"])[:, place], [0.05, 0.5, 0.95])
                assert np.allclose(values, [one["q05"], one["median"], one["q95"]], atol=0.06)


def test_a_new_count_is_a_change(two_nights: tuple[Path, list[dict[str, Any]], Path]) -> None:
    """The count is in the case; the change of the end is that of the two runs; the first night has none before it."""
    out, (first, second), case = two_nights
    assert second["counts"] == first["counts"] + 1
    assert second["refused"] == []
    earlier = list_earlier(out / "2025-03-04")
    assert find_before(earlier, case.name) == ("2025-03-03", first)
    assert find_before(list_earlier(out / "2025-03-03"), case.name) is None
    changes = {change["what"]: change for change in compare_nights(second, first)}
    assert (changes["counts"]["was"], changes["counts"]["is"]) == (first["counts"], second["counts"])
    end = max(one["time"] for one in second["headline"])
    assert changes["end"]["is"] == find_number(second["headline"], "arrivals", end)
    assert changes["end"]["was"] == find_number(first["headline"], "arrivals", end)
    assert compare_nights(second, second) == []
    assert compare_nights(second, None) == []


def test_the_same_folder_gives_the_same_bytes(
    two_nights: tuple[Path, list[dict[str, Any]], Path], tmp_path: Path
) -> None:
    """Also where no night was before."""
    out, (_, second), case = two_nights
    night = open_night(tmp_path / "out", date(2025, 3, 4), case.parent, {})
    assert work_on_case(case, night, ASKED, be_quiet) == second
    page = second["report"]
    assert (night / page).read_bytes() == (out / "2025-03-04" / page).read_bytes()


def test_a_change_is_marked_where_it_was_not_expected() -> None:
    def night(today: str, median: float) -> dict[str, Any]:
        points = {"q05": 900.0, "median": median, "q95": 1100.0}
        numbers = [{"quantity": "arrivals", "time": time, **points} for time in (today, "2025-03-08T00:00")]
        return {"today": today, "counts": 2, "headline": numbers}

    before = night("2025-03-03T23:59", 1000.0)
    for median, beyond in ((1050.0, [False]), (1200.0, [True]), (800.0, [True]), (1000.0, [])):
        changes = compare_nights(night("2025-03-04T23:59", median), before)
        assert [change["beyond"] for change in changes if change["what"] == "end"] == beyond
        assert all(change["what"] != "expected" for change in changes)  # the night before said nothing of that moment
    earlier = {**before, "headline": [*before["headline"], {**before["headline"][0], "time": "2025-03-04T23:59"}]}
    said = compare_nights(night("2025-03-04T23:59", 1200.0), earlier)
    assert [(change["what"], change["beyond"]) for change in said] == [("expected", True), ("end", True)]


def test_the_same_night_leaves_what_is_done(
    two_nights: tuple[Path, list[dict[str, Any]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, (_, second), case = two_nights

    def refuse(*given: object) -> None:
        raise AssertionError(given)

    monkeypatch.setattr(work, "forecast", refuse)
    assert work_on_case(case, out / "2025-03-04", ASKED, be_quiet) == {**second, "kept": True}
    again = work_on_case(case, out / "2025-03-04", co.Nightly(11, 100, True), be_quiet)  # other work
    assert again["state"] == "failed"
    assert "AssertionError" in again["said"]


def test_what_has_not_changed_is_taken_over_if_it_is_whole(
    two_nights: tuple[Path, list[dict[str, Any]], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next night has files of its own; one that is damaged is made anew."""
    out, (_, second), case = two_nights
    shutil.copytree(out, tmp_path / "out")

    def refuse(*given: object) -> None:
        raise AssertionError(given)

    monkeypatch.setattr(work, "forecast", refuse)
    for day in (date(2025, 3, 5), date(2025, 3, 6)):
        night = open_night(tmp_path / "out", day, case.parent, {})
        assert work_on_case(case, night, ASKED, be_quiet) == {**second, "kept": True}
        write_document(summary_path(night, case.name), second)
    shutil.rmtree(tmp_path / "out" / "2025-03-05")
    page = Path(second["report"])
    assert (night / page).read_bytes() == (out / "2025-03-04" / page).read_bytes()
    part = night / page.parent / "replicates" / "part-0000.parquet"
    part.write_bytes(part.read_bytes()[:-1])
    night = open_night(tmp_path / "out", date(2025, 3, 7), case.parent, {})
    assert work_on_case(case, night, ASKED, be_quiet)["state"] == "failed"  # it wanted to forecast


def test_faults_of_files_and_of_ours_are_told_apart(short_case: Path, tmp_path: Path) -> None:
    """Faults are those of `check`; of counts that cannot be read the case is told, and goes on."""
    night = open_night(tmp_path / "out", date(2025, 3, 4), tmp_path, {})
    broken = copy_case(short_case, tmp_path / "broken")
    (broken / "places.csv").unlink()
    found = work_on_case(broken, night, ASKED, be_quiet)
    assert found["state"] == "faulty"
    assert {fault["code"] for fault in found["faults"]} == {fault.code for fault in co.check(broken).errors}
    counts = copy_case(short_case, tmp_path / "counts") / "counts"
    counts.mkdir()
    (counts / "b.csv").write_text("nothing,here\n1,2\n")
    (refused,) = work.add_new_counts(counts.parent)
    assert refused.startswith("counts/b.csv: ")


def test_the_page_is_one_file_and_shows_names_without_harm(two_nights: tuple[Path, list[dict[str, Any]], Path]) -> None:
    _, (first, second), case = two_nights
    fault = {"file": "a<i>.csv", "row": 3, "column": "id", "code": "x", "found": "<script>", "allowed": "b", "fix": "c"}
    rows = [
        {"case": "broken", "state": "faulty", "faults": [fault] * 7, "refused": [], "since": "", "changes": []},
        {**second, "since": "2025-03-03", "changes": compare_nights(second, first)},
    ]
    rows += [{"case": f"c{state}", "state": state, "said": "<b>9", "refused": [], "since": "", "changes": []}
             for state in ("killed", "late", "failed", "unfinished")]  # fmt: skip
    states = {row["state"]: 1 for row in rows}
    document = {"night": "2025-03-04", "cases": rows, "states": states, "left_out": ["notes"]}
    for language in LANGUAGES.values():
        page = render_night(document, language)
        assert "<script" not in page
        assert "<b>9" not in page
        assert "http://" not in page.replace("http-equiv", "")
        assert "https://" not in page
        assert f'href="runs/town%20%26%20%3Cb%3E-{second["work"][:8]}/report.html"' in page
    assert case.name not in page  # its angle brackets are escaped


def test_a_case_is_forecast_as_of_the_newest_that_is_known(short_case: Path, tmp_path: Path) -> None:
    case = copy_case(short_case, tmp_path / "case")
    scenario = co.read(case)
    assert find_newest(scenario, scenario.choose_set(None)) == datetime(2025, 3, 4, 23, 59)  # data_date
    settings = case / "scenario.toml"
    settings.write_text(settings.read_text().replace('data_date = "2025-03-04', 'data_date = "2030-03-04'))
    later = co.read(case)
    assert find_newest(later, later.choose_set(None)) == datetime(
        2025, 3, 4, 23, 59
    )  # the count was published that day
    shutil.rmtree(case / "observations")
    bare = co.read(case)
    assert find_newest(bare, bare.choose_set(None)) is None


def test_a_night_takes_nothing_of_anybodys(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    (cases / "notes").mkdir(parents=True)
    with pytest.raises(co.UsageError, match="no case in"):
        list_cases(cases)
    (cases / "lost").mkdir()
    (cases / "lost" / "people.csv").write_text("id\n")  # its scenario.toml is gone: told, not passed over
    assert list_cases(cases) == ([cases / "lost"], ["notes"])
    (tmp_path / "out" / "2025-03-04").mkdir(parents=True)
    (tmp_path / "out" / "2025-03-04" / "mine.txt").write_text("mine")
    with pytest.raises(co.UsageError, match="in use"):
        co.night(cases, tmp_path / "out", ASKED, "2025-03-04")
    open_night(tmp_path / "out", date(2025, 3, 5), cases, {"replicates": 5})
    with pytest.raises(co.UsageError, match="what is done with each case"):
        co.night(cases, tmp_path / "out", ASKED, "2025-03-05")
    with locked(tmp_path / "out" / "night"), pytest.raises(co.UsageError, match="somebody else"):
        co.night(cases, tmp_path / "out", ASKED, "2025-03-06")
    with pytest.raises(co.UsageError, match="is no day"):
        co.night(cases, tmp_path / "out", ASKED, "yesterday")
    assert (tmp_path / "out" / "2025-03-04" / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "out" / "2025-03-06").exists()


def harm_workers(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let every process that works on cases begin with a program of ours."""
    folder.mkdir()
    text = "import sys\nif any('spawn_main' in word for word in sys.orig_argv):\n"
    (folder / "sitecustomize.py").write_text(text + textwrap.indent(textwrap.dedent(program), "    "))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, sys.path)]))


@pytest.mark.parametrize(
    ("program", "state", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed", "SIGKILL"),
        ("import os; os._exit(7)", "killed", "exit code 7"),
        ("import time; time.sleep(600)", "late", "0.005"),
    ],
)
def test_a_process_that_dies_or_never_ends_is_told_of(
    program: str, state: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So are the cases that it did not get to: another process takes them."""
    harm_workers(tmp_path / "site", monkeypatch, program)
    work = Work(tmp_path, ASKED)
    longest = 0.3 if state == "late" else 600.0
    found = list(work_apart([tmp_path / "a", tmp_path / "b"], work, 1, longest, lambda *told: None))
    assert [(case.name, summary["state"], summary["said"]) for case, summary, _ in found] == [
        ("a", state, said),
        ("b", state, said),
    ]


RAISES = """
    import corridor.front.night.work as work
    check = work.check
    def fail(folder):
        if folder.name == "raises":
            raise RuntimeError("made to fail")
        return check(folder)
    work.check = fail
"""


@pytest.mark.slow
def test_a_killed_night_is_taken_up_and_a_case_that_fails_stops_no_other(
    short_case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed with -9 when the forecast of one case is made: no process goes on, and the forecast's run is kept as it is."""
    harm_workers(tmp_path / "site", monkeypatch, RAISES)
    cases, out, log = tmp_path / "cases", tmp_path / "out", tmp_path / "log.jsonl"
    for name in ("broken", "good", "raises"):
        copy_case(short_case, cases / name)
    (cases / "broken" / "roads.csv").write_text("id\n")
    words = ["night", str(cases), "--out", str(out), "--day", "2025-03-04", "--replicates", "10", "--particles", "100"]
    words += ["--quick", "--log"]
    program = [sys.executable, "-m", "corridor.cli.main", *words, "json"]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any('"forecast"' in line for line in process.stderr)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        at_work = children.read_text().split() if children.exists() else []
        process.kill()
    while any(Path("/proc", child).exists() for child in at_work):
        time.sleep(0.05)
    night = out / "2025-03-04"
    kept = {path: path.stat().st_mtime_ns for path in night.rglob("part-*.parquet")}
    assert kept
    assert not (night / "index.html").exists()

    done = call(*words, log, "--json")
    assert done.code == 1  # the gravest: a fault of ours
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    document = json.loads(done.stdout)
    rows = {row["case"]: row for row in document["cases"]}
    states = {name: row["state"] for name, row in rows.items()}
    assert states == {"broken": "faulty", "good": "done", "raises": "failed"}
    assert "made to fail" in rows["raises"]["said"]
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert all(list(line) == ["time", "case", "step", "seconds", "outcome"] for line in lines)
    assert {line["case"]: line["outcome"] for line in lines if line["step"] == "case"} == states
    of_good = [line["step"] for line in lines if line["case"] == "good"]
    assert of_good == ["check", "counts", "forecast", "briefing", "case"]
    page = Path(document["index"]).read_text(encoding="utf-8")
    assert all(name in page for name in states)
