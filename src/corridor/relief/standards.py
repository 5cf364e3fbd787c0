"""The cited table of standards in defaults.csv: value, range, unit, standard, edition, section, address."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from corridor.relief.ration import Requirement


@dataclass(frozen=True)
class Standard:
    """One figure. `value`, `low`, `high` are None where no source gives a number: blanks stay blank."""

    need: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    standard: str
    edition: str
    section: str
    address: str
    note: str


@cache
def load_standards() -> dict[str, Standard]:
    """Return the table of standards by the name of the need."""
    text = resources.files("corridor.relief").joinpath("defaults.csv").read_text(encoding="utf-8")
    found: dict[str, Standard] = {}
    for row in csv.DictReader(text.splitlines()):
        numbers = {name: float(row[name]) if row[name] else None for name in ("value", "low", "high")}
        texts = {name: row[name] for name in ("need", "unit", "standard", "edition", "section", "address", "note")}
        found[row["need"]] = Standard(**numbers, **texts)  # type: ignore[arg-type]
    return found


def daily_requirements() -> list[Requirement]:
    """Return what one person needs of each nutrient in a day, as far as the table gives a number."""
    return [
        Requirement(need.removeprefix("nutrient_"), standard.value, standard.unit, standard.standard)
        for need, standard in load_standards().items()
        if need.startswith("nutrient_") and standard.value is not None
    ]
