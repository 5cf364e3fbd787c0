"""The table of recorded series, made from series.csv: `python -m corridor.simulate.document docs/model.md`.

It stands between two marks in the page; a test holds the committed page equal to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from corridor.simulate.series import load_kinds

_BEGIN, _END = "<!-- series:begin -->\n", "<!-- series:end -->\n"


def write_series(page: str) -> str:
    """Return a page with the table between its marks made anew. Raises ValueError for a page without them."""
    before, rest = page.split(_BEGIN)
    _, after = rest.split(_END)
    rows = [
        (f"`{kind.form}`", " ".join(f"`{name}`" for name in kind.dimensions) or "total", kind.unit, kind.meaning)
        for kind in load_kinds()
    ]
    lines = [("series", "by", "unit", "meaning"), ("---",) * 4, *rows]
    table = "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
    return before + _BEGIN + table + _END + after


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(write_series(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
