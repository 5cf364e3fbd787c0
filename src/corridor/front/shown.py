"""Small tables for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def write_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as HTML, every cell escaped; numbers of a thousand and more without decimals."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{_show(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _show(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 or cell == int(cell) else f"{cell:,.3g}"
    return escape(str(cell))
