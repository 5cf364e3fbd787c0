"""The page of rules names tests that exist, and every rule has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corridor.simulate.document import write_series

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+)[^|]* \| (\S+) \| `(\w+)` \|$", PAGE, flags=re.MULTILINE)


def test_every_rule_names_a_test() -> None:
    """No rule stands without a test that fails when it is broken."""
    rules = set(re.findall(r"^\*\*Rule (\d+)", PAGE, flags=re.MULTILINE))
    assert len(rules) >= 17
    assert rules == {rule for rule, _, _ in ROWS}


def test_the_table_of_series_is_up_to_date() -> None:
    """The page shows every series with its unit and meaning."""
    assert write_series(PAGE) == PAGE, "make it again: python -m corridor.simulate.document docs/model.md"
    assert "| `journey_hours` | total | person-hours |" in PAGE


@pytest.mark.parametrize(("rule", "file", "test"), ROWS)
def test_named_tests_exist(rule: str, file: str, test: str) -> None:
    """The test named beside a rule is defined in the file named."""
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"rule {rule}"


@pytest.mark.parametrize("page", sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"], key=lambda p: p.name))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Every relative link in the documentation names a file that is there."""
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
