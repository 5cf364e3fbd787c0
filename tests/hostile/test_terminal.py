"""Whatever a user's text holds, a terminal shows it and is not steered by it, and no text makes a line of its own."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import call
from corridor.cli.answer import Harmless
from corridor.scenario.create import create_scenario
from corridor.scenario.draft import show
from corridor.scenario.faults import fault
from corridor.scenario.visible import HIDDEN, make_visible

FORGED = "no faults"
STEERING = (
    "\x1b[2J\x1b]0;gone\x07",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\x08\x08",
    "\r",
    "\ufeff",
    "\U000e0041",
    "\u2028",
)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=60)


def make(folder: Path) -> Path:
    create_scenario(folder)
    return folder


def assert_harmless(text: str) -> None:
    assert make_visible(text) == text
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\x08", "\r", "\ufeff", "\u2028"}


@pytest.mark.slow
@given(TEXTS)
def test_what_is_written_steers_nothing_and_a_document_keeps_its_meaning(text: str) -> None:
    raw = io.StringIO()
    stream = Harmless(raw)
    stream.write(json.dumps({"text": text}, ensure_ascii=False))
    assert make_visible(raw.getvalue()) == raw.getvalue()
    raw.getvalue().encode()  # halves of pairs stand as escapes
    back = json.loads(raw.getvalue())["text"]
    assert back == text or any("\ud800" <= sign <= "\udfff" for sign in text)


@pytest.mark.slow
@given(TEXTS)
def test_a_fault_is_told_on_its_own_lines(text: str) -> None:
    told = fault("unknown_file", (text, 3, text), name=show(text), hint=text).describe()
    assert told.count("\n") == 3
    assert_harmless(told.replace("\r", ""))


@pytest.mark.parametrize("sign", STEERING)
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("scenario.toml", "A town cut off", "A{}\\ntown cut off"),
        ("places.csv", "Border Town", "{}Border\n{}"),
        ("places.csv", "town,Town", "to{}wn,Town"),
        ("places.csv", "latitude", "lat{}itude"),
        ("events.csv", "Road opens", "Road{} opens"),
        ("fleets.csv", "families_without_car", "families{}_without_car"),
        ("scenario.toml", "seed = 1", 'seed = 1\n"x{}" = 2\n"sp{}eed" = 3'),
        ("evidence/sources.csv", "Daily note", "{}Daily note"),
        ("observations/arrivals.csv", "arrivals", "arr{}ivals"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_cells_keys_and_headers(tmp_path: Path, sign: str, file: str, old: str, new: str, as_json: bool) -> None:
    folder = make(tmp_path / "small")
    path = folder / file
    if file.endswith(".csv"):
        written = ",".join(f'"{part}"' for part in new.replace("{}", sign).split(","))
    else:  # as TOML writes what may not stand in it
        written = new.replace("{}", "".join(f"\\U{ord(one):08X}" for one in sign))
    path.write_text(path.read_text().replace(old, written), newline="")
    done = call("check", folder, *["--json"] * as_json)
    assert done.code in (0, 3)
    assert_harmless(done.stdout + done.stderr)
    if as_json:
        assert isinstance(json.loads(done.stdout)["ok"], bool)


@pytest.mark.parametrize("name", [b"\x1b[2Jx", b"caf\xe9", "\u202eno".encode(), b"a\nno faults"])
def test_names_of_files_and_folders(tmp_path: Path, name: bytes) -> None:
    folder = make(tmp_path / os.fsdecode(name))
    shutil.copy(folder / "places.csv", folder / (os.fsdecode(name) + ".csv"))
    (folder / "variants" / (os.fsdecode(name) + ".toml")).write_text("")
    for words in (
        ("check", folder),
        ("check", folder, "--json"),
        ("check", folder, "--variant", "none"),
        ("run", folder),
    ):
        done = call(*words)
        assert done.code in (2, 3)
        shown = done.stdout + done.stderr
        assert_harmless(shown)
        shown.encode()
        assert "Traceback" not in shown
        assert not any(line.startswith(FORGED) for line in shown.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("sign", STEERING)
def test_words_on_the_command_line(tmp_path: Path, sign: str) -> None:
    folder = make(tmp_path / "small")
    calls = [
        ("check", f"{folder}{sign}"),
        ("check", folder, "--variant", f"v{sign}"),
        ("run", folder, "--parameters", f"p{sign}"),
        ("export", f"{folder}{sign}", f"series{sign}"),
        (f"com{sign}mand",),
        ("check", folder, f"--option{sign}"),
        ("deal", folder, "--what-if", f"x{sign}=1"),
        ("flee", "check", f"{folder}{sign}"),
        ("evidence", "suggest", f"{folder}{sign}"),
        ("report", f"{folder}{sign}"),
        ("init", f"{folder}", "--title", f"t{sign}"),
    ]
    for words in calls:
        done = call(*words)
        assert done.code not in (0, 1), words
        assert_harmless(done.stdout + done.stderr)


def test_what_is_refused_is_what_is_made_visible() -> None:
    assert all(make_visible(sign) != sign for sign in HIDDEN if sign != "-")
