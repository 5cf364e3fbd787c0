"""Which numbers rest on claims and which are assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.cells import NUMBERS
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity, write_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corridor.scenario.draft import Row

WITHOUT_NUMBERS = ("claims", "sources")  # they are the evidence itself


def numbers_with_claims(tables: Mapping[str, Iterable[Row]]) -> Iterator[tuple[Row, str]]:
    """Yield (row, column) of every number the user wrote in a row that names claims."""
    return ((row, column) for row, column in written_numbers(tables) if row["claims"])


def numbers_without_claim(tables: Mapping[str, Iterable[Row]]) -> Iterator[tuple[Row, str]]:
    """Yield (row, column) of every number that rests on no claim: these are assumptions."""
    return ((row, column) for row, column in written_numbers(tables) if not row["claims"])


def written_numbers(tables: Mapping[str, Iterable[Row]]) -> Iterator[tuple[Row, str]]:
    """Yield (row, column) of every number that differs from its default and enters the model.

    Coordinates only place things on the map and are left out.
    """
    for table, rows in tables.items():
        if table in WITHOUT_NUMBERS:
            continue
        for row in rows:
            for name, spec in load_fields()[table].items():
                if spec.type in NUMBERS and spec.unit != "degrees" and _differs(row[name], spec.default):
                    yield row, name


def _differs(value: Any, default: str) -> bool:
    if isinstance(value, Quantity):
        return value.write() != default
    return isinstance(value, int | float) and write_number(value) != default
