"""The small tables that a notebook shows of an answer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def write_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return an HTML table with every word escaped."""
    lines = [f"<table><caption>{escape(caption)}</caption>", _write_row("th", head)]
    lines += [_write_row("td", row) for row in rows]
    return "\n".join([*lines, "</table>"])


def _write_row(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"
