"""The pages that benchmarks write into, between markers."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "validation.md"


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between the markers of a page."""
    before, rest = page.read_text(encoding="utf-8").split(begin(name))
    after = rest.split(end(name))[1]
    page.write_text(f"{before}{begin(name)}\n{text}\n{end(name)}{after}", encoding="utf-8")


def take(page: Path, name: str) -> str:
    """Return what stands between the markers of a page."""
    return page.read_text(encoding="utf-8").split(begin(name))[1].split(end(name))[0].strip("\n")


def begin(name: str) -> str:
    """Return the marker before a part."""
    return f"<!-- {name}:begin -->"


def end(name: str) -> str:
    """Return the marker after a part."""
    return f"<!-- {name}:end -->"
