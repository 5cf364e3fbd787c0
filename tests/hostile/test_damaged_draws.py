"""A file of what was learnt that was cut, edited, shuffled or made for something else is never taken for whole."""

from __future__ import annotations

import errno
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.scenario.draws import OldDrawsError, parse_draws
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import read_scenario
from corridor.simulate.learnt import Learnt, read_learnt, write_learnt

FILE = "fitted/f.csv"
SET = '[sets.f]\ntitle = "F"\nknown_until = 2025-03-04\nfitted_until = 2025-03-04T08:00:00\ndraws = "fitted/f.csv"\n'
STEP = 0.25
LEARNT = Learnt(4, (80, 160), np.random.default_rng(1).integers(0, 30, (2, 30)))
OLD = "seed,luck_until_hour_20,groups/families_with_car/leave_rate\n4,1,0.5\n4,2,0.6\n"


def put(folder: Path, learnt: Learnt, *notes: str) -> None:
    """Write what was learnt where the settings name it."""
    (folder / FILE).write_text(write_learnt(learnt, STEP, list(notes)))


@pytest.fixture
def fitted_folder(small_folder: Path) -> Path:
    """Return a scenario with something learnt for it as it is."""
    with (small_folder / "scenario.toml").open("a") as settings:
        settings.write(f'default_set = "f"\n{SET}')
    (small_folder / "fitted").mkdir()
    put(small_folder, LEARNT, "a note, with a comma", "and more")
    found = [fault for fault in read_scenario(small_folder).warnings if fault.code == "stale_draws"]
    assert len(found) == 1, "learnt for nobody knows what"
    state = read_scenario(small_folder).states["f"]
    put(small_folder, replace(LEARNT, made_for=state), "a note, with a comma", "and more")
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


def edit_parent(text: str) -> str:
    """Let the last particle come from another: one that is there."""
    rest, _, last = text.rstrip("\n").rpartition(" ")
    return f"{rest} {(int(last) + 1) % 30}\n"


def swap_parents(text: str) -> str:
    head, _, parents = text.rstrip("\n").rpartition(",")
    return f"{head},{' '.join(reversed(parents.split()))}\n"


def name_a_foreigner(text: str) -> str:
    """Let the last particle come from one that is none of them."""
    return text.rstrip("\n").rpartition(" ")[0] + " 30\n"


def lose_a_particle(text: str) -> str:
    return text.rstrip("\n").rpartition(" ")[0] + "\n"


def move_hour(text: str) -> str:
    return text.replace("\n4,40,", "\n4,41,")


def change_seed(text: str) -> str:
    return text.replace("\n4,", "\n5,")


def drop_stamp(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# rows"))


def drop_hash(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# content"))


def change_state(text: str) -> str:
    return text.replace("# scenario: ", "# scenario: 0")


def double_row(text: str) -> str:
    return text + text.splitlines(keepends=True)[-1]


DAMAGE: tuple[Callable[[str], str], ...] = (
    swap_rows, edit_parent, swap_parents, name_a_foreigner, lose_a_particle, move_hour, change_seed, drop_stamp,
    drop_hash, change_state, double_row, lambda text: OLD, lambda text: "", lambda text: "id,name\n1,2\n",
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_kind_of_damage_is_a_fault(fitted_folder, damage):
    path = fitted_folder / FILE
    text = path.read_text()
    assert damage(text) != text
    path.write_text(damage(text))
    assert codes(fitted_folder) == {"bad_draws"}


def test_a_file_cut_anywhere_below_its_header_is_never_taken_for_whole():
    text = "# a\n" + _written()
    whole = parse_draws(text)
    body = text.index("\n4,")
    for end in range(body, len(text) - 1):
        with pytest.raises(ValueError):  # noqa: PT011 (each cut has a reason of its own)
            parse_draws(text[:end])
    assert parse_draws(text[:-1]) == whole, "only the last line's end is missing"


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


def test_a_full_disk_keeps_the_old_file(fitted_folder, forecast, monkeypatch):
    path = fitted_folder / FILE
    before = path.read_bytes()

    whole = Path.write_bytes

    def fill_up(self, content):
        whole(self, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(UsageError, match="No space left"):
        forecast.save_learnt(path, replace=True)
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("stamps", ["", "# Scenario content 0123456789abcdef. Times\n", "# rows: 2\n"])
def test_a_file_of_an_older_version_is_taken_out_by_upgrade_and_a_damaged_one_is_not(fitted_folder, stamps):
    path, settings = fitted_folder / FILE, fitted_folder / "scenario.toml"
    whole, told = path.read_text(), settings.read_text()
    path.write_text(swap_rows(whole))
    assert "nothing to do" in call("upgrade", fitted_folder).stdout
    assert settings.read_text() == told
    path.write_text(stamps + OLD)
    with pytest.raises(OldDrawsError):
        parse_draws(stamps + OLD)
    done = call("check", fitted_folder)
    assert "versions before 0.3" in done.stdout
    assert "corridor upgrade" in done.stdout
    done = call("upgrade", fitted_folder)
    assert done.code == 0, done.stderr
    assert FILE in done.stdout
    assert path.read_text() == stamps + OLD, "the file is kept"
    case = read_scenario(fitted_folder)
    assert case.warnings == ()
    assert read_learnt(case, "f", STEP) is None
    assert "nothing to do" in call("upgrade", fitted_folder).stdout


@pytest.fixture(scope="module")
def forecast(short_case: Path) -> co.Forecast:
    """Return a small forecast of the template, whose settings have no set."""
    return co.forecast(co.read(short_case), "2025-03-04T08:00", replicates=2, effort=co.Effort(20))


def test_what_a_forecast_is_saved_with_is_what_a_check_asks_for(forecast, short_case, tmp_path):
    """Also when its set is written only afterwards, as the how-to has it; and in a variant."""
    folder = tmp_path / "case"
    shutil.copytree(short_case, folder)
    with pytest.raises(UsageError):
        forecast.save_learnt(folder / "places.csv")
    forecast.save_learnt(folder / FILE)
    text = (folder / FILE).read_text()
    with (folder / "scenario.toml").open("a") as settings:
        settings.write(f'default_set = "f"\n{SET}')
    assert read_scenario(folder).warnings == ()
    assert read_scenario(folder, "two_more_lanes").warnings == ()
    assert (folder / FILE).read_text() == forecast.learnt == text
    found = read_learnt(read_scenario(folder), "f", STEP)
    assert found is not None
    np.testing.assert_array_equal(found.parents, forecast.cloud.parents)
    assert found.steps == tuple(forecast.cloud.steps)


@pytest.mark.slow
def test_a_run_of_what_was_learnt_before_is_not_the_answer(fitted_folder):
    """The same command after learning anew, after a change of the tables, after both undone."""
    words = ("run", fitted_folder, "--replicates", "2", "--out", fitted_folder.parent / "run", "--json")
    first = call(*words)
    assert first.code == 0, first.stderr
    path = fitted_folder / FILE
    kept = path.read_text()
    put(fitted_folder, replace(LEARNT, parents=LEARNT.parents[:, ::-1], made_for=parse_draws(kept).made_for))
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
    parents = np.random.default_rng(2).integers(0, 12, (5, 12))
    return write_learnt(Learnt(4, (1, 2, 7, 30, 99), parents, "", "0123456789abcdef"), STEP, [])
