"""The page from a report to a run: its commands, in order, in an empty folder, and the fields it names."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from pages import follow_page, read_blocks, split_commands

from corridor.scenario.schema import load_event_kinds, load_fields, table_files

# The picture of where people settle is too low for its axes where there is a single place.
pytestmark = pytest.mark.filterwarnings("ignore:constrained_layout not applied")
PAGE = Path(__file__).parents[2] / "docs" / "from-report-to-run.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder after all commands of the page, each of which ended as the page says."""
    folder = tmp_path_factory.mktemp("page")
    follow_page(PAGE, folder)
    return folder


@pytest.mark.slow
def test_every_command_of_the_page_ends_as_it_says(folder: Path) -> None:
    """The draft becomes a scenario, a run and a briefing that names its weakest assumptions."""
    commands = [command for block in read_blocks(PAGE) for command in split_commands(block.text)]
    assert sum(command.startswith("corridor ") for command in commands) >= 12
    assert "still_blank" not in (folder / "orma" / "people.csv").read_text(encoding="utf-8")
    manifest = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["state"], manifest["conservation_error"]) == ("complete", 0)
    page = (folder / "run" / "report.html").read_text(encoding="utf-8")
    for words in ("The weakest assumptions that matter most", "The open deal", "Lena Dorsh", "About 12,000 people"):
        assert words in page


@pytest.mark.slow
def test_the_accepted_claims_stand_where_the_report_says_them(folder: Path) -> None:
    """Quotes of the kept text reproduce it; the convoy's day is resolved and is not the page's."""
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
