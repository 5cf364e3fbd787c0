"""Claims make sense, and what a parameter set was fitted on exists."""

from __future__ import annotations

from pathlib import PurePosixPath

from corridor.scenario.assumptions import numbers_without_claim
from corridor.scenario.draft import Draft, show, suggest
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity, write_number


def check_claim_ranges(draft: Draft) -> None:
    """The low end of a claimed range does not exceed its high end."""
    for row in draft.tables.get("claims", []):
        low, high = row["low"], row["high"]
        if isinstance(low, float) and isinstance(high, float) and low > high:
            found = f"{write_number(low)} and {write_number(high)}"
            draft.add(row.where("low"), "range_reversed", found, "low not above high", "exchange the two")


def find_unsupported_numbers(draft: Draft) -> None:
    """Numbers that rest on no claim; asked for by --strict, so not among the checks of every reading."""
    for row, column in numbers_without_claim(draft.tables):
        value = row[column]
        found = value.write() if isinstance(value, Quantity) else write_number(value)
        fix = "name the claims the row rests on in its column claims"
        draft.add(row.where(column), "unsupported_number", found, "a number that rests on a claim", fix)


def check_fitted_files(draft: Draft) -> None:
    """A set may name a file of fitted draws, which lies in the folder, and the series it was fitted on."""
    for name, values in draft.sets.items():
        file = values.get("draws")
        if isinstance(file, str) and file and not _is_inside(draft, file):
            where = ("scenario.toml", 0, f"sets.{name}.draws")
            fix = "make it with corridor forecast, or remove the line"
            draft.add(where, "missing_file", show(file), "a file in the scenario folder", fix)
        known = load_fields()["observations"]["series"].choices
        series = values.get("fitted_series")
        for word in series.split() if isinstance(series, str) else ():
            if word not in known:
                where = ("scenario.toml", 0, f"sets.{name}.fitted_series")
                fix = f"use the name of a series{suggest(word, known)}"
                draft.add(where, "not_a_choice", show(word), " or ".join(known), fix)


def _is_inside(draft: Draft, file: str) -> bool:
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        return False
    try:
        return (draft.folder / path).is_file()
    except (OSError, ValueError):  # too long a name, or no name at all
        return False
