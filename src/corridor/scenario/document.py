"""The scenario page, made from the schema: `python -m corridor.scenario.document docs/scenario.md`.

A test holds the committed page equal to it.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from corridor.scenario.cells import LONGEST_ID, LONGEST_TEXT, NUMBERS
from corridor.scenario.faults import FaultKind, load_fault_kinds
from corridor.scenario.files import LARGEST_FILE
from corridor.scenario.schema import (
    REQUIRED_TABLES,
    TABLE_FILES,
    Field,
    key_of,
    load_event_kinds,
    load_fields,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMON_COLUMNS = ("set", "claims", "note")
_APART = ("scenario", "set", "parameter")  # shown under headings of their own


def write_page() -> str:
    """Return the page as Markdown."""
    return (
        "\n\n".join(
            [
                _text("opening")
                .format(text=f"{LONGEST_TEXT:,}", id=LONGEST_ID, file=f"{LARGEST_FILE // 10**6}")
                .strip(),
                "## scenario.toml",
                _write_fields("scenario"),
                "Each parameter set is a table `[sets.NAME]`:",
                _write_fields("set"),
                *(_write_table(table) for table in load_fields() if table not in _APART),
                "## Kinds of event",
                _write_kinds(),
                "## Parameters",
                "Names for the column `name` of parameters.csv; those without a row take their default.",
                _write_fields("parameter"),
                _text("variants").strip(),
                "## Faults",
                "The codes of `corridor check`. Errors end it with exit code 3; warnings do not.",
                _write_codes(),
            ]
        )
        + "\n"
    )


def _text(name: str) -> str:
    return resources.files("corridor.scenario").joinpath("page", f"{name}.md").read_text(encoding="utf-8")


def _write_table(table: str) -> str:
    file = TABLE_FILES.get(table, "observations/*.csv" if table == "observations" else f"{table}.csv")
    need = "Must be there, except in a folder of talks alone." if table in REQUIRED_TABLES else "May be left out."
    key = key_of(table)
    unique = f" A row is named by {' and '.join(f'`{name}`' for name in key)}." if key else ""
    common = [name for name in _COMMON_COLUMNS if name in load_fields()[table]]
    also = f" Also has {', '.join(f'`{name}`' for name in common)}."
    return f"## {file}\n\n{need}{unique}{also}\n\n{_write_fields(table)}"


def _write_fields(table: str) -> str:
    rows = [
        (f"`{f.name}`", _say_type(f), f.unit, _say_default(f), _say_range(f), _escape(f.meaning))
        for f in load_fields()[table].values()
        if f.name not in _COMMON_COLUMNS
    ]
    return _write_rows(("name", "type", "unit", "default", "allowed", "meaning"), rows)


def _say_type(field: Field) -> str:
    if field.choices:
        return "choice"
    if field.refers_to:
        many = "ids" if field.type.startswith("references:") else "id"
        return f"{many} of {field.refers_to}"
    words = {
        "range": "number or range",
        "time_range": "time or range",
        "kind": "kind of event",
        "publication": "day or time",
    }
    return words.get(field.type, field.type.replace("_", " "))


def _say_default(field: Field) -> str:
    return "must be filled" if field.required else f"`{field.default}`" if field.default else "blank"


def _say_range(field: Field) -> str:
    if field.choices:
        return " ".join(f"`{choice}`" for choice in field.choices)
    if field.type not in NUMBERS or field.low is None:
        return ""
    return f"{_long(field.low)} or more" if field.high is None else f"{_long(field.low)} to {_long(field.high)}"


def _write_kinds() -> str:
    rows = []
    for kind in load_event_kinds().values():
        value = "none"
        if kind.value_unit and kind.value_low is not None and kind.value_high is not None:
            value = f"{kind.value_unit}, {_long(kind.value_low)} to {_long(kind.value_high)}"
        value = "`mode`" if kind.needs_mode else value
        target = kind.target.replace("place_or_all", "place or *")
        rows.append((f"`{kind.kind}`", target, kind.to or "none", value, _escape(kind.meaning)))
    return _write_rows(("kind", "`target`", "`to`", "`value`", "meaning"), rows)


def _long(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def _write_codes() -> str:
    """Return every code once, with how it is mended in each of its cases."""
    by_code: dict[str, list[FaultKind]] = {}
    for kind in load_fault_kinds().values():
        by_code.setdefault(kind.code, []).append(kind)
    rows = [
        (
            f"`{code}`",
            kinds[0].severity,
            _escape(kinds[0].meaning),
            "<br>".join(dict.fromkeys(_show_facts(kind.fix) for kind in kinds if kind.fix)),
        )
        for code, kinds in by_code.items()
    ]
    return _write_rows(("code", "", "meaning", "how to mend it"), rows)


def _show_facts(text: str) -> str:
    """Return the words of a fault with its {facts} as a reader understands them: their names in italics."""
    shown = (
        _escape(words) + (f"*{fact.replace('_', ' ')}*" if fact and fact != "hint" else "")
        for words, fact, *_ in Formatter().parse(text)
    )
    return "".join(shown)


def _write_rows(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(write_page(), encoding="utf-8", newline="\n")
