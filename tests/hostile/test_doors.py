"""Designs, decisions, languages and folders of cases as somebody else may write them: words, no traceback, no copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import call
from corridor.evidence.grammar.language import find_language
from corridor.front.night.folder import list_cases, tell_why_unnamed
from corridor.scenario.faults import UsageError
from corridor.scenario.writing import locked
from corridor.sweep.sampling import MOST_ROWS, Sampling

from .cases import REPORT, write_small

LONG = "a" * 5000


def require_words(code: int, *words: str | Path) -> str:
    done = call(*words)
    assert done.code == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


@pytest.mark.parametrize("text", [f"seed\n{'9' * 5000}\n", f"scenario\n{LONG}\n", "scenario\n/etc\n", "scenario\n../case\n"])  # fmt: skip
def test_a_design_with_what_no_case_has(tmp_path: Path, text: str) -> None:
    (tmp_path / "design.csv").write_text(text)
    case = write_small(tmp_path / "case")
    require_words(3, "sweep", case, tmp_path / "design.csv", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_second_sweep_in_one_folder_is_turned_away(tmp_path: Path) -> None:
    case = write_small(tmp_path / "case")
    with locked(tmp_path / "out"):
        said = require_words(2, "sweep", case, "--out", tmp_path / "out", "--replicates", "2")
    assert "somebody else" in said
    assert not (tmp_path / "out").exists()


def test_points_are_counted_before_they_are_drawn() -> None:
    pytest.importorskip("SALib")
    Sampling("sobol", 2**10).require_room(100, 0)
    for sampling in (Sampling("latin", 10**12), Sampling("sobol", 2**12), Sampling("morris", 10_000)):
        with pytest.raises(UsageError, match=f"{MOST_ROWS:,} rows"):
            sampling.require_room(100, 0)


DECISIONS = {
    f'report = "{LONG}"': 3,
    'report = "report.txt"\nhash = ["a"]': 3,
    'report = "report.txt"\nencoding = "a\\u0000b"': 2,
    f'report = "report.txt"\nlanguage = "{LONG}"': 2,
    'report = "report.txt"\nkeep_text = "yes"': 3,
    f'report = "report.txt"\nscenario = "{LONG}"': 3,
}


@pytest.mark.parametrize("text", DECISIONS, ids=range(len(DECISIONS)))
def test_decisions_of_others(tmp_path: Path, text: str) -> None:
    write_small(tmp_path / "case")
    (tmp_path / "report.txt").write_text(REPORT)
    decided = tmp_path / "accepted.toml"
    decided.write_text(text + ("" if "scenario" in text else '\nscenario = "case"') + "\n")
    before = {path: path.read_bytes() for path in (tmp_path / "case").rglob("*.*") if path.is_file()}
    require_words(DECISIONS[text], "evidence", "accept", "--from", decided)
    assert {
        p: p.read_bytes() for p in (tmp_path / "case").rglob("*.*") if p.is_file() and p.suffix != ".lock"
    } == before


FORMS = {
    "patterns.toml": ['[parts]\na = "' + "@b@" * 3000 + '"\nb = "' + "@c@" * 3000 + '"\nc = "x"\n[f]\nf = "@a@"\n', "parts = 5\n", '[f]\nf = "("\n', "f = " + "[" * 9000],
    "words.toml": ["a = [[1]]\n", "a = 5\n"],
    "language.toml": ["name = 5\nodd = 1\n", "stop_words = [1]\n"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text"), [(file, text) for file, texts in FORMS.items() for text in texts], ids=range(8)
)
def test_a_language_that_cannot_be_read(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "language.toml").write_text('name = "X"\n')
    (tmp_path / file).write_text(text)
    with pytest.raises(UsageError, match="cannot be read"):
        find_language(str(tmp_path))


def test_a_folder_of_cases_with_links_and_names_that_no_file_can_have(tmp_path: Path) -> None:
    write_small(tmp_path / "elsewhere")
    cases = tmp_path / "cases"
    for name in ("a" * 250, "good", "bad\udcff"):
        (cases / name).mkdir(parents=True)
        (cases / name / "scenario.toml").write_text("title = 1\n")
    for name, target in {"out": tmp_path / "elsewhere", "loop": cases / "loop", "up": tmp_path}.items():
        (cases / name).symlink_to(target)
    found, left_out = list_cases(cases)
    assert [path.name for path in found if not tell_why_unnamed(path)] == ["good"]
    assert (len(found), left_out) == (3, ["out", "up"])
    for folder in (cases / LONG, cases / "good" / "scenario.toml"):
        with pytest.raises(UsageError, match="is no folder"):
            list_cases(folder)


@pytest.mark.parametrize("words", ["check", "run", "sweep", "night", "export", "upgrade", "deal"])
def test_a_name_that_is_too_long(words: str) -> None:
    done = call(words, LONG, *(["arrivals"] if words == "export" else []))
    assert done.code in (2, 3)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "said", ['encoding = "a\\u0000"', 'encoding = "rot13"', 'delimiter = "ab"', "header_row = true"]
)
def test_a_mapping_that_no_table_has(tmp_path: Path, said: str) -> None:
    (tmp_path / "counts.csv").write_text("place,date,arrivals\nborder_town,2025-03-04,5\n")
    (tmp_path / "columns.toml").write_text(f"[table]\n{said}\n")
    case = write_small(tmp_path / "case")
    require_words(2, "counts", "add", case, tmp_path / "counts.csv", "--map", tmp_path / "columns.toml")
