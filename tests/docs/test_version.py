"""The version stands once; what repeats it agrees."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

import corridor

ROOT = Path(__file__).parents[2]


def test_citation_and_changelog_tell_the_version_of_the_code() -> None:
    """CITATION.cff repeats it; the changelog begins with it."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == corridor.__version__
    latest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert latest is not None
    assert latest[1] == corridor.__version__
