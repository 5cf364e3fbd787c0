"""Tables as CSV: one way of writing them, so that no text of anybody's runs as a formula where they are opened.

A text that begins with = + - or @ (ordinary or full-width, after any blanks), with a tab or with a line break gets an
apostrophe in front; reading a table takes it away again, so that what was written comes back as it was.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"'*(?:[\t\r\n]|[\s\ufeff\u200b]*[=+\-@])")
_ENDS = "\r\n"  # given as the end of a line so that both signs are quoted within a cell


def write_csv(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Return rows as lines of CSV."""
    return "".join(f"{write_cells(row, delimiter)}\n" for row in rows)


def write_cells(cells: Sequence[object], delimiter: str = ",") -> str:
    """Return one row of CSV without its line end."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=_ENDS).writerow([escape_formula(cell) for cell in cells])
    return text.getvalue().removesuffix(_ENDS)


def escape_formula(cell: Any) -> Any:
    """Return a cell, with an apostrophe in front if it is a text that would run; a number is none."""
    return f"'{cell}" if isinstance(cell, str) and _is_formula(cell) and not _is_number(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return a cell as it was before `escape_formula`."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    return _FORMULA.match(unicodedata.normalize("NFKC", text[:100])) is not None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", text, re.ASCII) is not None
