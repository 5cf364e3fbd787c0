"""A file of fitted draws that was cut, edited, shuffled or made for something else is never taken for whole."""

from __future__ import annotations

import errno
import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from command import call
from corridor.front.counts import FittedCase
from corridor.scenario.draws import parse_draws, stamp
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import read_scenario
from corridor.simulate.fitted import Fitted, read_fitted, write_fitted

FILE = "fitted/f.csv"
SET = '[sets.f]\ntitle = "F"\nknown_until = 2025-03-04\nfitted_until = 2025-03-04T08:00:00\ndraws = "fitted/f.csv"\n'
FITTED = Fitted(
    4,
    np.arange(60).reshape(30, 2),
    (20.0, 40.0),
    ("groups/families_with_car/leave_rate", "desks/town_desk/people_per_hour"),
    np.random.default_rng(1).random((30, 2)),
    "",
)


@pytest.fixture
def fitted_folder(small_folder: Path) -> Path:
    """Return a scenario with draws fitted to it as it is."""
    with (small_folder / "scenario.toml").open("a") as settings:
        settings.write(f'default_set = "f"\n{SET}')
    (small_folder / "fitted").mkdir()
    write_fitted(small_folder / FILE, FITTED, ["a note, with a comma", "and more"])
    found = [fault for fault in read_scenario(small_folder).warnings if fault.code == "stale_draws"]
    assert len(found) == 1, "draws of which nobody knows what they were made for"
    state = read_scenario(small_folder).states["f"]
    write_fitted(small_folder / FILE, replace(FITTED, made_for=state), ["a note, with a comma", "and more"], True)
    assert read_scenario(small_folder).warnings == ()
    return small_folder


def codes(folder: Path) -> set[str]:
    done = call("check", folder)
    assert "Traceback" not in done.stderr
    assert call("run", folder, "--replicates", "1", "--out", folder.parent / "never").code == done.code == 3
    assert not (folder.parent / "never").exists()
    return {word for word in ("bad_draws", "bad_encoding") if word in done.stdout}


def swap_rows(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:-2], lines[-1], lines[-2]])


def edit_number(text: str) -> str:
    return text[:-2] + str((int(text[-2]) + 1) % 10) + "\n"


def drop_stamp(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# rows"))


def change_state(text: str) -> str:
    return text.replace("# scenario: ", "# scenario: 0")


def double_row(text: str) -> str:
    return text + text.splitlines(keepends=True)[-1]


@pytest.mark.parametrize("damage", [swap_rows, edit_number, drop_stamp, change_state, double_row])
def test_each_kind_of_damage_is_a_fault(fitted_folder, damage):
    path = fitted_folder / FILE
    path.write_text(damage(path.read_text()))
    assert codes(fitted_folder) == {"bad_draws"}


def test_a_file_cut_anywhere_below_its_header_is_never_taken_for_whole():
    text = "# a\n" + _written()
    whole = parse_draws(text)
    body = text.index("\n4,")
    for end in range(body, len(text) - 1):
        with pytest.raises(ValueError):  # noqa: PT011 (each cut has a reason of its own)
            parse_draws(text[:end])
    assert parse_draws(text[:-1]).values == whole.values, "only the last line's end is missing"


def test_random_changes_leave_the_same_draws_or_a_fault():
    text, chance = _written(), random.Random(5)
    whole = parse_draws(text)
    for _ in range(1000):
        place = chance.randrange(len(text))
        changed = text[:place] + chr(chance.randrange(32, 127)) + text[place + chance.randrange(2) :]
        try:
            found = parse_draws(changed)
        except ValueError:
            continue
        assert found == whole


def test_what_spreadsheets_do_to_lines_is_borne():
    text = _written()
    assert parse_draws(text.replace("\n", "\r\n")) == parse_draws(text)
    padded = "\n".join(line + ",,," if line.startswith("#") else line for line in text.splitlines())
    assert parse_draws(padded) == parse_draws(text)


def test_other_tables_are_said_and_later_counts_are_not(fitted_folder):
    counts = fitted_folder / "observations" / "arrivals.csv"
    before = read_scenario(fitted_folder)
    counts.write_text(counts.read_text().rstrip("\n") + "\n2025-03-05T10:00,arrivals,,12000,stated,c1\n")
    later = read_scenario(fitted_folder)
    assert later.hash != before.hash
    assert later.states == before.states
    places = fitted_folder / "people.csv"
    header, *rows = [line for line in places.read_text().splitlines() if line and not line.startswith("#")]
    first = rows[0].split(",")
    column = header.split(",").index("people")
    first[column] = "1234"
    places.write_text("\n".join([header, ",".join(first), *rows[1:]]) + "\n")
    assert {fault.code for fault in read_scenario(fitted_folder).warnings} == {"stale_draws", "counted_later"}


def test_a_full_disk_keeps_the_old_fit(fitted_folder, monkeypatch):
    path = fitted_folder / FILE
    before = path.read_bytes()

    whole = Path.write_bytes

    def fill_up(self, content):
        whole(self, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(UsageError, match="No space left"):
        write_fitted(path, FITTED, [], True)
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_an_old_file_is_stamped_by_upgrade_and_a_damaged_one_is_not(fitted_folder):
    path = fitted_folder / FILE
    text = path.read_text()
    old = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# "))
    path.write_text("# Scenario content 0123456789abcdef. Times\n" + old)
    assert codes(fitted_folder) == {"bad_draws"}
    assert call("upgrade", fitted_folder).code == 0
    found = read_fitted(read_scenario(fitted_folder), "f")
    assert found is not None
    assert (found.made_for, found.table.tolist()) == ("0123456789abcdef", parse_draws(text).values)
    assert call("check", fitted_folder).code == 0
    path.write_text(swap_rows(path.read_text()))
    assert "nothing to do" in call("upgrade", fitted_folder).stdout
    assert codes(fitted_folder) == {"bad_draws"}


def test_what_a_fit_is_saved_with_is_what_a_check_asks_for(small_folder):
    """Also when its set is written only afterwards, as the how-to has it."""
    bare = '[sets.f]\ntitle = "F"\nknown_until = 2025-03-04\n'
    settings = small_folder / "scenario.toml"
    text = settings.read_text() + 'default_set = "f"\n'
    settings.write_text(text + bare)
    found: Any = SimpleNamespace(
        fitted=FITTED, counts=SimpleNamespace(values=[1]), tried=1, distinct=1, distinct_luck=1
    )
    until = datetime(2025, 3, 4, 8)
    FittedCase(read_scenario(small_folder), "f", until, ("arrivals",), found).save(small_folder / FILE)
    settings.write_text(text + SET)
    assert read_scenario(small_folder).warnings == ()
    assert read_scenario(small_folder, "two_more_lanes").warnings == ()


def test_a_run_of_an_older_fit_is_not_the_answer(fitted_folder):
    """The same command after a refit, after a change of the tables, after both undone."""
    words = ("run", fitted_folder, "--replicates", "2", "--out", fitted_folder.parent / "run", "--json")
    first = call(*words)
    assert first.code == 0, first.stderr
    path = fitted_folder / FILE
    kept = path.read_text()
    write_fitted(path, replace(FITTED, table=FITTED.table / 2), [], True)
    again = call(*words)
    assert (again.code, again.stdout) == (2, "")
    assert "fitted draws" in again.stderr
    assert "choose another --out" in again.stderr
    path.write_text(kept.replace("a note", "another note"))
    roads = fitted_folder / "roads.csv"
    tables = roads.read_text()
    roads.write_text(tables.replace("40", "41", 1))
    assert roads.read_text() != tables
    again = call(*words)
    assert again.code == 2
    assert "content of the scenario" in again.stderr
    roads.write_text(tables)
    assert call(*words).stdout == first.stdout


def _written() -> str:
    cells = [["seed", "luck_until_hour_20", "groups/a/leave_rate"]]
    cells += [["4", str(row), f"{row / 7:.10g}"] for row in range(12)]
    return stamp(cells, "0123456789abcdef") + "".join(",".join(row) + "\n" for row in cells)
