"""The page from a report to a run: its commands, in order, in an empty folder, and the fields it names."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from corridor.scenario.schema import load_event_kinds, load_fields, table_files

PAGE = Path(__file__).parents[2] / "docs" / "from-report-to-run.md"
SECONDS = 120


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def commands(block: str) -> list[str]:
    """Split a block into commands: a heredoc and lines joined by a backslash belong together."""
    found: list[str] = []
    until = ""
    joined = False
    for line in block.splitlines():
        if until or joined:
            found[-1] += "\n" + line
        else:
            found.append(line)
        if until:
            until = "" if line == until else until
        elif start := re.search(r"<<'(\w+)'", line):
            until = start[1]
        joined = not until and line.endswith("\\")
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder after all commands of the page, each of which ended as the page says."""
    folder = tmp_path_factory.mktemp("page")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in [command for block in blocks() for command in commands(block)]:
        expected = re.search(r"# ends with (\d)$", command)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == int(expected[1] if expected else 0), f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
    return folder


@pytest.mark.slow
def test_every_command_of_the_page_ends_as_it_says(folder: Path) -> None:
    """The draft becomes a scenario, a run and a briefing that names its weakest assumptions."""
    assert len([c for block in blocks() for c in commands(block) if c.startswith("corridor")]) >= 12
    assert "still_blank" not in (folder / "orma" / "people.csv").read_text(encoding="utf-8")
    manifest = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["state"], manifest["conservation_error"]) == ("complete", 0)
    page = (folder / "run" / "report.html").read_text(encoding="utf-8")
    for words in ("The weakest assumptions that matter most", "The open deal", "Lena Dorsh", "About 12,000 people"):
        assert words in page


@pytest.mark.slow
def test_the_accepted_claims_stand_where_the_report_says_them(folder: Path) -> None:
    """Quotes of the kept text reproduce it; the convoy's day is resolved and is not the page's."""
    import csv

    text = (folder / "report.txt").read_text(encoding="utf-8")
    with (folder / "orma" / "evidence" / "claims.csv").open(encoding="utf-8") as stream:
        claims = {row["id"]: row for row in csv.DictReader(stream)}
    assert set(claims) == {"gazette_quantity_28_47", "fuel_left", "displaced", "bread", "convoy", "no_guarantees"}
    assert all(row["quote"] in text for row in claims.values())
    assert claims["convoy"]["happened"] == "2025-03-05"
    assert claims["no_guarantees"]["stance"] == "not_agreed"
    assert (claims["fuel_left"]["value"], claims["fuel_left"]["speaker"]) == ("8000", "Lena Dorsh")


def test_every_table_column_and_event_named_in_the_page_exists() -> None:
    """The table of where things live names nothing that Corridor does not have."""
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("## Where what a report says lives") :]
    files = set(table_files().values()) | {"observations/*.csv", "variants/", "evidence/texts/"}
    words = {name for fields in load_fields().values() for name in fields} | set(load_event_kinds())
    choices = {choice for fields in load_fields().values() for field in fields.values() for choice in field.choices}
    for word in re.findall(r"`([^`]+)`", table):
        if not word.startswith("corridor "):
            assert word in files | words | choices, word
    for line in table.splitlines():
        for event in re.findall(r"events? `(\w+)`(?: and `(\w+)`)?", line):
            assert set(event) - {""} <= set(load_event_kinds()), line
